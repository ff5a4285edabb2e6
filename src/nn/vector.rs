//! Loops over numbers, compiled for several generations of vector instructions, the best of which is chosen at run time.
//!
//! They are written so that the compiler sees what may be done together: sums in a fixed number of lanes. So every
//! generation gives the same to the last bit; what is not so, because one rounds products before it adds them, is
//! [`Simd::multiply_add`] on x86-64 processors from before 2013.

use half::bf16;

/// Numbers that are handled together: a multiple of the width of every vector.
pub(super) const LANES: usize = 16;

/// Defines a function that is compiled several times. What it calls is to be `#[inline(always)]`.
macro_rules! vectorised {
    ($(#[$meta:meta])* $vis:vis fn $name:ident $(<$lifetime:lifetime>)? ($($arg:ident: $type:ty),* $(,)?)
        $(-> $result:ty)? $body:block) => {
        $(#[$meta])*
        $vis fn $name $(<$lifetime>)? ($($arg: $type),*) $(-> $result)? {
            #[inline(always)]
            fn body $(<$lifetime>)? ($($arg: $type),*) $(-> $result)? $body
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
                fn avx512 $(<$lifetime>)? ($($arg: $type),*) $(-> $result)? {
                    body($($arg),*)
                }
                #[target_feature(enable = "avx2")]
                fn avx2 $(<$lifetime>)? ($($arg: $type),*) $(-> $result)? {
                    body($($arg),*)
                }
                if is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl") {
                    // SAFETY: the processor has them.
                    return unsafe { avx512($($arg),*) };
                }
                if is_x86_feature_detected!("avx2") {
                    // SAFETY: as above.
                    return unsafe { avx2($($arg),*) };
                }
            }
            body($($arg),*)
        }
    };
}
pub(super) use vectorised;

/// Calls `$function` with the vector instructions of this machine and what else it takes. `$function` and what it calls are
/// to be `#[inline(always)]`, and its first argument a [`Simd`].
macro_rules! dispatch {
    ($function:ident($($arg:ident: $type:ty),* $(,)?)) => {{
        #[cfg(target_arch = "x86_64")]
        {
            use crate::nn::vector::{Avx2, Avx512};
            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]
            fn avx512(simd: Avx512, $($arg: $type),*) {
                $function(simd, $($arg),*)
            }
            #[target_feature(enable = "avx2,fma")]
            fn avx2(simd: Avx2, $($arg: $type),*) {
                $function(simd, $($arg),*)
            }
            if let Some(simd) = Avx512::new() {
                // SAFETY: the processor has them.
                return unsafe { avx512(simd, $($arg),*) };
            }
            if let Some(simd) = Avx2::new() {
                // SAFETY: as above.
                return unsafe { avx2(simd, $($arg),*) };
            }
        }
        $function(crate::nn::vector::Portable, $($arg),*)
    }};
}
pub(super) use dispatch;

/// The vector instructions of a generation, for where the compiler does not find them by itself. Its values are made where
/// the processor was asked, so that having one proves that the instructions are there.
pub(super) trait Simd: Copy {
    /// [`LANES`] numbers.
    type Numbers: Copy;

    /// Rows of a matrix whose sums with two times [`LANES`] columns there are registers for.
    const ROWS: usize;

    fn splat(self, x: f32) -> Self::Numbers;
    fn load(self, x: &[f32; LANES]) -> Self::Numbers;
    /// As [`Simd::load`], from half precision.
    fn widen(self, x: &[bf16; LANES]) -> Self::Numbers;
    fn store(self, x: Self::Numbers, to: &mut [f32; LANES]);
    /// `x * y + z`, rounded once where the processor can.
    fn multiply_add(self, x: Self::Numbers, y: Self::Numbers, z: Self::Numbers) -> Self::Numbers;
    /// As [`total`].
    fn total(self, x: Self::Numbers) -> f32;
    /// Has what lies some way behind `x` fetched, where the processor can be asked for it.
    fn fetch_after<T>(self, _: &[T]) {}
    /// Has what lies there fetched, where the processor can be asked for it.
    fn fetch<T>(self, _: *const T) {}
}

/// As [`Simd::multiply_add`] of no special instructions: those of AArch64 always round once, and without an instruction
/// for it that would take a call.
#[inline(always)]
pub(super) fn multiply_add(x: f32, y: f32, z: f32) -> f32 {
    if cfg!(target_arch = "aarch64") { x.mul_add(y, z) } else { x * y + z }
}

/// No instructions of its own.
#[derive(Clone, Copy)]
pub(super) struct Portable;

impl Simd for Portable {
    type Numbers = [f32; LANES];

    const ROWS: usize = 2;

    #[inline(always)]
    fn splat(self, x: f32) -> [f32; LANES] {
        [x; LANES]
    }

    #[inline(always)]
    fn load(self, x: &[f32; LANES]) -> [f32; LANES] {
        *x
    }

    #[inline(always)]
    fn widen(self, x: &[bf16; LANES]) -> [f32; LANES] {
        x.map(|x| f32::from_bits(u32::from(x.to_bits()) << 16))
    }

    #[inline(always)]
    fn store(self, x: [f32; LANES], to: &mut [f32; LANES]) {
        *to = x;
    }

    #[inline(always)]
    fn multiply_add(self, x: [f32; LANES], y: [f32; LANES], mut z: [f32; LANES]) -> [f32; LANES] {
        for i in 0..LANES {
            z[i] = multiply_add(x[i], y[i], z[i]);
        }
        z
    }

    #[inline(always)]
    fn total(self, x: [f32; LANES]) -> f32 {
        total(x)
    }
}

#[cfg(target_arch = "x86_64")]
pub(super) use x86::{Avx2, Avx512};

#[cfg(target_arch = "x86_64")]
mod x86 {
    use core::arch::x86_64::*;

    use half::bf16;

    use super::{LANES, Simd};

    #[derive(Clone, Copy)]
    pub(in crate::nn) struct Avx512(());

    #[derive(Clone, Copy)]
    pub(in crate::nn) struct Avx2(());

    impl Avx512 {
        pub(in crate::nn) fn new() -> Option<Self> {
            let found = is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("fma");
            found.then_some(Self(()))
        }
    }

    impl Avx2 {
        pub(in crate::nn) fn new() -> Option<Self> {
            (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then_some(Self(()))
        }
    }

    // SAFETY of all that follows: the processor has the instructions, for which the value of the type stands, and
    // references to so many numbers are good for so many.

    impl Simd for Avx512 {
        type Numbers = __m512;

        const ROWS: usize = 8;

        #[inline(always)]
        fn splat(self, x: f32) -> __m512 {
            unsafe { _mm512_set1_ps(x) }
        }

        #[inline(always)]
        fn load(self, x: &[f32; LANES]) -> __m512 {
            unsafe { _mm512_loadu_ps(x.as_ptr()) }
        }

        #[inline(always)]
        fn widen(self, x: &[bf16; LANES]) -> __m512 {
            unsafe {
                let wide = _mm512_cvtepu16_epi32(_mm256_loadu_si256(x.as_ptr().cast()));
                _mm512_castsi512_ps(_mm512_slli_epi32::<16>(wide))
            }
        }

        #[inline(always)]
        fn store(self, x: __m512, to: &mut [f32; LANES]) {
            unsafe { _mm512_storeu_ps(to.as_mut_ptr(), x) }
        }

        #[inline(always)]
        fn multiply_add(self, x: __m512, y: __m512, z: __m512) -> __m512 {
            unsafe { _mm512_fmadd_ps(x, y, z) }
        }

        #[inline(always)]
        fn total(self, x: __m512) -> f32 {
            unsafe { total(_mm256_add_ps(_mm512_castps512_ps256(x), _mm512_extractf32x8_ps::<1>(x))) }
        }

        #[inline(always)]
        fn fetch_after<T>(self, x: &[T]) {
            fetch_after(x.as_ptr().cast());
        }

        #[inline(always)]
        fn fetch<T>(self, x: *const T) {
            // SAFETY: what is fetched may lie anywhere: it is not read.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(x.cast()) };
        }
    }

    impl Simd for Avx2 {
        type Numbers = [__m256; 2];

        const ROWS: usize = 2;

        #[inline(always)]
        fn splat(self, x: f32) -> [__m256; 2] {
            unsafe { [_mm256_set1_ps(x); 2] }
        }

        #[inline(always)]
        fn load(self, x: &[f32; LANES]) -> [__m256; 2] {
            unsafe { [_mm256_loadu_ps(x.as_ptr()), _mm256_loadu_ps(x.as_ptr().add(8))] }
        }

        #[inline(always)]
        fn widen(self, x: &[bf16; LANES]) -> [__m256; 2] {
            let half = |half: &[bf16]| unsafe {
                let wide = _mm256_cvtepu16_epi32(_mm_loadu_si128(half.as_ptr().cast()));
                _mm256_castsi256_ps(_mm256_slli_epi32::<16>(wide))
            };
            let (first, second) = x.split_at(8);
            [half(first), half(second)]
        }

        #[inline(always)]
        fn store(self, x: [__m256; 2], to: &mut [f32; LANES]) {
            unsafe {
                _mm256_storeu_ps(to.as_mut_ptr(), x[0]);
                _mm256_storeu_ps(to.as_mut_ptr().add(8), x[1]);
            }
        }

        #[inline(always)]
        fn multiply_add(self, x: [__m256; 2], y: [__m256; 2], z: [__m256; 2]) -> [__m256; 2] {
            unsafe { [_mm256_fmadd_ps(x[0], y[0], z[0]), _mm256_fmadd_ps(x[1], y[1], z[1])] }
        }

        #[inline(always)]
        fn total(self, x: [__m256; 2]) -> f32 {
            unsafe { total(_mm256_add_ps(x[0], x[1])) }
        }

        #[inline(always)]
        fn fetch_after<T>(self, x: &[T]) {
            fetch_after(x.as_ptr().cast());
        }

        #[inline(always)]
        fn fetch<T>(self, x: *const T) {
            // SAFETY: what is fetched may lie anywhere: it is not read.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(x.cast()) };
        }
    }

    /// Both lines of the cache that a step of a product with weights takes, some steps ahead.
    #[inline(always)]
    fn fetch_after(x: *const i8) {
        // SAFETY: what is fetched may lie anywhere: it is not read.
        unsafe {
            _mm_prefetch::<_MM_HINT_T0>(x.wrapping_add(4096));
            _mm_prefetch::<_MM_HINT_T0>(x.wrapping_add(4096 + 64));
        }
    }

    /// Of eight numbers the four sums of those that are four apart, then of two, then of all.
    #[inline(always)]
    unsafe fn total(x: __m256) -> f32 {
        // SAFETY: as above.
        unsafe {
            let four = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps::<1>(x));
            let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
            _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)))
        }
    }
}

/// The sum of `f` over `x`, in lanes.
#[inline(always)]
pub(super) fn sum(x: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    let (chunks, rest) = x.as_chunks::<LANES>();
    let mut lanes = [0.0; LANES];
    for chunk in chunks {
        for (lane, x) in lanes.iter_mut().zip(chunk) {
            *lane += f(*x);
        }
    }
    rest.iter().fold(total(lanes), |sum, x| sum + f(*x))
}

/// The sum of lanes, the halves being added as long as there are any.
#[inline(always)]
pub(super) fn total(lanes: [f32; LANES]) -> f32 {
    let mut eight = [0.0; 8];
    for i in 0..8 {
        eight[i] = lanes[i] + lanes[i + 8];
    }
    let mut four = [0.0; 4];
    for i in 0..4 {
        four[i] = eight[i] + eight[i + 4];
    }
    (four[0] + four[2]) + (four[1] + four[3])
}

/// The greatest number; negative infinity if there is none. What is no number is passed over.
#[inline(always)]
pub(super) fn greatest(x: &[f32]) -> f32 {
    let (chunks, rest) = x.as_chunks::<LANES>();
    let mut lanes = [f32::NEG_INFINITY; LANES];
    for chunk in chunks {
        for (lane, &x) in lanes.iter_mut().zip(chunk) {
            *lane = if x > *lane { x } else { *lane };
        }
    }
    let greater = |a: f32, b: f32| if b > a { b } else { a };
    let (mut eight, mut four) = ([0.0; 8], [0.0; 4]);
    for i in 0..8 {
        eight[i] = greater(lanes[i], lanes[i + 8]);
    }
    for i in 0..4 {
        four[i] = greater(eight[i], eight[i + 4]);
    }
    four.iter().chain(rest).copied().fold(f32::NEG_INFINITY, greater)
}

/// The greatest absolute value; not a number if one of them is not, or infinite.
#[inline(always)]
pub(super) fn magnitude(x: &[f32]) -> f32 {
    // As integers the bits are in the order of the absolute values, with those that are no numbers above all.
    f32::from_bits(x.iter().fold(0, |greatest: u32, x| greatest.max(x.to_bits() & 0x7fff_ffff)))
}

/// The nearest whole number, half to even, for numbers up to some millions: added to so great a number, the digits after
/// the point have no place left.
#[inline(always)]
pub(super) fn whole(x: f32) -> i32 {
    (x + SHIFT).to_bits().wrapping_sub(SHIFT.to_bits()) as i32
}

/// As [`whole`], as a float and its last eight bits.
#[inline(always)]
pub(super) fn whole_digit(x: f32) -> (f32, i8) {
    let shifted = x + SHIFT;
    (shifted - SHIFT, shifted.to_bits() as i8)
}

/// 1.5 * 2^23
const SHIFT: f32 = 12_582_912.0;

/// `e` to the power of `x`, with an error of about one unit in the last place; for numbers under -87, where that is next
/// to nothing, as for -87, and for those above 88 as for 88.
///
/// By powers of two and a polynomial, as in the Cephes library (<https://www.netlib.org/cephes/>).
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    // Comparisons keep what is no number, where a maximum would lose it.
    let x = if x < -87.0 { -87.0 } else { x };
    let x = if x > 88.0 { 88.0 } else { x };
    let shifted = x * std::f32::consts::LOG2_E + SHIFT;
    let power = shifted.to_bits().wrapping_sub(SHIFT.to_bits());
    let n = shifted - SHIFT;
    let r = x - n * 0.693_359_4;
    let r = r + n * 2.121_944_4e-4;
    let mut y = 1.987_569_1e-4;
    y = y * r + 1.398_199_9e-3;
    y = y * r + 8.333_452e-3;
    y = y * r + 4.166_579_6e-2;
    y = y * r + 1.666_666_5e-1;
    y = y * r + 5e-1;
    let y = y * (r * r) + r + 1.0;
    y * f32::from_bits(power.wrapping_add(127) << 23)
}

/// As [`exp`] of numbers that are not above zero, in two thirds of the time: for softmax, where the terms far below zero
/// count for next to nothing. The relative error is 2.5e-7, and 1e-7 more for each one that a number is below zero.
///
/// Powers of two, by the polynomial of the fifth degree that begins as the series does and whose greatest relative error
/// from -1/2 to 1/2 is the least: 1.0e-7.
#[inline(always)]
pub(super) fn exp_nonpositive(x: f32) -> f32 {
    // A comparison keeps what is no number.
    let x = if x < -87.0 { -87.0 } else { x };
    let power = x * std::f32::consts::LOG2_E;
    let shifted = power + SHIFT;
    let r = power - (shifted - SHIFT);
    let mut y = 1.330_060_7e-3;
    y = y * r + 9.669_691e-3;
    y = y * r + 5.550_558_5e-2;
    y = y * r + 2.402_228_3e-1;
    y = y * r + std::f32::consts::LN_2;
    y = y * r + 1.0;
    // What SHIFT has in its bits goes out on the left.
    y * f32::from_bits((shifted.to_bits() << 23).wrapping_add(127 << 23))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponentials_of_what_is_not_positive_are_those_of_double_precision() {
        for i in 0..87_000 {
            let x = i as f32 / -1000.0;
            let exact = f64::from(x).exp();
            let most = 2.5e-7 + f64::from(-x) * 9e-8;
            assert!((f64::from(exp_nonpositive(x)) / exact - 1.0).abs() < most, "{x}: {} {exact}", exp_nonpositive(x));
        }
        assert_eq!(exp_nonpositive(0.0), 1.0);
        assert!(exp_nonpositive(f32::NAN).is_nan() && exp_nonpositive(f32::from_bits(0x7fc0_0001)).is_nan());
        assert!(exp_nonpositive(f32::NEG_INFINITY) < 2e-38);
    }

    #[test]
    fn exponentials_are_those_of_double_precision() {
        for i in -87_000..88_000 {
            let x = i as f32 / 1000.0;
            let exact = f64::from(x).exp();
            assert!((f64::from(exp(x)) / exact - 1.0).abs() < 2.5e-7, "{x}: {} {exact}", exp(x));
        }
        assert_eq!(exp(0.0), 1.0);
        assert!(exp(f32::NAN).is_nan() && exp(f32::NEG_INFINITY) < 2e-38 && exp(f32::INFINITY) > 1e38);
    }

    #[test]
    fn sums_and_maxima_are_of_all_numbers() {
        for len in [0, 1, 15, 16, 17, 100] {
            let x: Vec<f32> = (0..len).map(|i| (i * 7 % 11) as f32 - 5.0).collect();
            assert_eq!(sum(&x, |x| 2.0 * x), x.iter().sum::<f32>() * 2.0);
            assert_eq!(greatest(&x), x.iter().copied().fold(f32::NEG_INFINITY, f32::max));
        }
        assert_eq!(greatest(&[f32::NAN, 1.0]), 1.0);
        assert_eq!([0.5, 1.5, 2.5, -0.5, -1.5].map(whole), [0, 2, 2, 0, -2]);
    }

    fn of_lanes(simd: impl Simd) -> ([f32; LANES], f32) {
        let [x, y, z] = [1.1f32, 0.7, -0.3].map(|step| std::array::from_fn(|i| step * (i as f32 - 6.3)));
        let numbers = simd.multiply_add(simd.load(&x), simd.load(&y), simd.load(&z));
        let numbers = simd.multiply_add(numbers, simd.splat(0.3), numbers);
        let mut stored = [0.0; LANES];
        let halves = [1.5f32, -0.7, 3e38, 1e-40, 0.0].map(bf16::from_f32);
        let halves = std::array::from_fn(|i| halves[i % halves.len()]);
        let mut widened = [0.0; LANES];
        simd.store(simd.widen(&halves), &mut widened);
        assert_eq!(widened, halves.map(f32::from));
        simd.store(numbers, &mut stored);
        (stored, simd.total(numbers))
    }

    #[test]
    fn lanes_are_the_same_in_every_generation() {
        let (lanes, sum) = of_lanes(Portable);
        assert_eq!(sum, total(lanes));
        #[cfg(target_arch = "x86_64")]
        {
            let all = [Avx512::new().map(of_lanes), Avx2::new().map(of_lanes)];
            for (of_generation, of_all) in all.iter().flatten() {
                assert_eq!(*of_all, total(*of_generation));
                assert!(of_generation.iter().zip(lanes).all(|(x, y)| (x - y).abs() < 1e-5));
            }
            if let [Some(one), Some(other)] = all {
                assert_eq!(one, other);
            }
        }
    }

    vectorised! {
        fn exponentials(x: &mut [f32]) {
            x.iter_mut().for_each(|x| *x = exp(*x));
        }
    }

    #[test]
    fn every_generation_of_instructions_gives_the_same() {
        let mut x: Vec<f32> = (0..1000).map(|i| i as f32 / 7.0 - 60.0).collect();
        let alone: Vec<f32> = x.iter().map(|x| exp(*x)).collect();
        exponentials(&mut x);
        assert!(x == alone);
    }
}

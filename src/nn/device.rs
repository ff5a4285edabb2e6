//! Where a model runs, and in which number format.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// Where a model runs, as the user says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Device {
    /// The first accelerator that this program was built for and this machine has; else the CPU.
    #[default]
    Auto,
    /// The CPU.
    Cpu,
    /// An NVIDIA GPU by its number.
    Cuda(usize),
    /// The GPU of an Apple machine.
    Metal,
}

/// The number format that weights are held in, as the user says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Precision {
    /// `bf16` on an accelerator; on the CPU `int8` for the families of which that was measured to keep the quality, else `f32`.
    #[default]
    Auto,
    /// Single precision. Products are summed in floats, or, on processors with AMX, in fixed point that is about as fine.
    F32,
    /// The upper half of single precision.
    Bf16,
    /// IEEE half precision.
    F16,
    /// Eight-bit integers.
    Int8,
}

impl FromStr for Device {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name.split_once(':') {
            None => match name {
                "auto" => return Ok(Self::Auto),
                "cpu" => return Ok(Self::Cpu),
                "cuda" => return Ok(Self::Cuda(0)),
                "metal" => return Ok(Self::Metal),
                _ => {}
            },
            Some(("cuda", number)) => {
                if let Ok(number) = number.parse() {
                    return Ok(Self::Cuda(number));
                }
            }
            Some(_) => {}
        }
        Err(option("device", name, "it is auto, cpu, cuda, cuda:N or metal"))
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Cpu => f.write_str("cpu"),
            Self::Cuda(number) => write!(f, "cuda:{number}"),
            Self::Metal => f.write_str("metal"),
        }
    }
}

const PRECISIONS: &[(&str, Precision)] = &[
    ("auto", Precision::Auto),
    ("f32", Precision::F32),
    ("bf16", Precision::Bf16),
    ("f16", Precision::F16),
    ("int8", Precision::Int8),
];

impl FromStr for Precision {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let found = PRECISIONS.iter().find(|(known, _)| *known == name);
        found
            .map(|(_, precision)| *precision)
            .ok_or_else(|| option("precision", name, "it is auto, f32, bf16, f16 or int8"))
    }
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = PRECISIONS.iter().find(|(_, precision)| precision == self);
        f.write_str(found.map_or("auto", |(name, _)| name))
    }
}

/// A device that was opened and the number format for it: where the tensors of one model live.
#[derive(Debug, Clone)]
pub struct Placement {
    pub(super) device: candle_core::Device,
    pub(super) precision: Precision,
    /// Whether products, attention and norms go through this crate's own code for the CPU rather than candle's.
    pub(super) fused: bool,
    /// Whether the user chose the precision.
    chosen: bool,
    name: Device,
}

impl Placement {
    /// Opens a device.
    ///
    /// # Errors
    /// If this program was built without the device, this machine does not have it, or the device does not compute in
    /// that precision.
    pub fn new(device: Device, precision: Precision) -> Result<Self> {
        let (device, name) = open(device)?;
        let (fused, chosen) = (device.is_cpu(), precision != Precision::Auto);
        let precision = match precision {
            Precision::Auto if fused => Precision::Int8,
            Precision::Auto => Precision::Bf16,
            Precision::Int8 if !fused => {
                return Err(option("precision", "int8", "only the CPU computes in it; take bf16 or f16"));
            }
            other => other,
        };
        Ok(Self { device, precision, fused, chosen, name })
    }

    /// The CPU in single precision.
    pub fn cpu() -> Self {
        Self {
            device: candle_core::Device::Cpu,
            precision: Precision::F32,
            fused: true,
            chosen: true,
            name: Device::Cpu,
        }
    }

    /// The CPU through candle's own operations, which is how accelerators compute.
    #[cfg(test)]
    pub(crate) fn plain() -> Self {
        Self { fused: false, ..Self::cpu() }
    }

    /// The same for a family of models: in single precision, if its quality in eight-bit integers is not known and the user did
    /// not choose them.
    pub(super) fn for_family(&self, int8: bool) -> Self {
        match (self.precision, self.chosen || int8) {
            (Precision::Int8, false) => Self { precision: Precision::F32, ..self.clone() },
            _ => self.clone(),
        }
    }

    /// The device that was opened, never [`Device::Auto`].
    pub fn device(&self) -> Device {
        self.name
    }

    /// The number format of the weights, never [`Precision::Auto`].
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// The type of hidden states. This crate's own code computes in single precision, whatever the weights are held in.
    pub(super) fn dtype(&self) -> candle_core::DType {
        match self.precision {
            _ if self.fused => candle_core::DType::F32,
            Precision::Bf16 => candle_core::DType::BF16,
            Precision::F16 => candle_core::DType::F16,
            _ => candle_core::DType::F32,
        }
    }
}

fn open(device: Device) -> Result<(candle_core::Device, Device)> {
    let cpu = (candle_core::Device::Cpu, Device::Cpu);
    match device {
        Device::Cpu => Ok(cpu),
        Device::Auto if cfg!(feature = "cuda") => Ok(cuda(0).unwrap_or(cpu)),
        Device::Auto if cfg!(feature = "metal") => Ok(metal().unwrap_or(cpu)),
        Device::Auto => Ok(cpu),
        Device::Cuda(_) if !cfg!(feature = "cuda") => Err(left_out(device, "cuda")),
        Device::Cuda(number) => cuda(number),
        Device::Metal if !cfg!(feature = "metal") => Err(left_out(device, "metal")),
        Device::Metal => metal(),
    }
}

fn cuda(number: usize) -> Result<(candle_core::Device, Device)> {
    let device = candle_core::Device::new_cuda(number).map_err(|error| refused(Device::Cuda(number), &error))?;
    Ok((device, Device::Cuda(number)))
}

fn metal() -> Result<(candle_core::Device, Device)> {
    let device = candle_core::Device::new_metal(0).map_err(|error| refused(Device::Metal, &error))?;
    Ok((device, Device::Metal))
}

fn left_out(device: Device, feature: &str) -> Error {
    let reason = format!("this program was built without it (build it with --features {feature}); cpu always works");
    option("device", &device.to_string(), &reason)
}

fn refused(device: Device, error: &candle_core::Error) -> Error {
    option("device", &device.to_string(), &format!("it could not be opened ({error}); cpu always works"))
}

fn option(what: &'static str, value: &str, reason: &str) -> Error {
    Error::Option { what, value: value.to_owned(), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_and_precisions_are_read_as_they_are_written() {
        let devices =
            [("auto", Device::Auto), ("cpu", Device::Cpu), ("cuda:3", Device::Cuda(3)), ("metal", Device::Metal)];
        for (name, device) in devices {
            assert_eq!(name.parse::<Device>().unwrap(), device);
            assert_eq!(device.to_string(), name);
        }
        assert_eq!("cuda".parse::<Device>().unwrap(), Device::Cuda(0));
        for (name, precision) in PRECISIONS {
            assert_eq!(name.parse::<Precision>().unwrap(), *precision);
            assert_eq!(precision.to_string(), *name);
        }
        for wrong in ["gpu", "cuda:", "cuda:x", "cpu:1", "CPU", ""] {
            let error = wrong.parse::<Device>().unwrap_err().to_string();
            assert!(error.contains("cuda:N"), "{error}");
        }
        assert!("fp16".parse::<Precision>().is_err());
    }

    #[test]
    fn a_device_is_never_changed_silently() {
        let placement = Placement::new(Device::Cpu, Precision::Auto).unwrap();
        assert_eq!((placement.device(), placement.precision()), (Device::Cpu, Precision::Int8));
        assert_eq!(placement.for_family(false).precision(), Precision::F32);
        if !cfg!(feature = "cuda") {
            let error = Placement::new(Device::Cuda(0), Precision::Auto).unwrap_err().to_string();
            assert!(error.contains("--features cuda"), "{error}");
        }
        if !cfg!(feature = "metal") {
            let error = Placement::new(Device::Metal, Precision::Auto).unwrap_err().to_string();
            assert!(error.contains("--features metal"), "{error}");
        }
        let chosen = Placement::new(Device::Cpu, Precision::Int8).unwrap();
        assert_eq!(chosen.for_family(false).precision(), Precision::Int8);
    }
}

"""Sentences of newspapers with slots for grammar.py, Arabic | English.

{P} person, {n} name, {C} city, {L} country, {O} institution, {%} share, {D} date with its preposition, {a} age, {d} day and month,
{W} weekday, {N} people counted, {M} things counted, {$} money, {#} number, {Y} year, {A} adjunct, {V} deed, {H} event,
{T} time of day, {G} score of a match, {K} something in Latin letters. A digit tells two of a kind apart. [قال/قالت]
agrees with the first {P} or {O}.
"""

from lexicon import table

TEMPLATES = table("""
[قال/قالت] {P} إن {H}|{P} said {H}
[قال/قالت] {P} إن {O} {V}|{P} said {O} {V}
[قال/قالت] {P} لـ{K}: "{H}"|{P} told {K}: "{H}"
"{H}"، كما [قال/قالت] {P}|"{H}," {P} said
ووفقا لـ{O}، {H}|According to {O}, {H}
وفي {C}، {H}|In {C}, {H}
وأضاف أن {H} {A}|He added that {H} {A}
وأضافت أن {H} {A}|She added that {H} {A}
وتابع قائلا إن {O} {V}|He went on to say that {O} {V}
وأكدت أن {O} {V}|She confirmed that {O} {V}
[وأوضح/وأوضحت] {P} أن {H}|{P} explained that {H}
[وأشار/وأشارت] {O} إلى أن {H}|{O} noted that {H}
ويقول خبراء إن {H}|Experts say {H}
ويرى محللون أن {H}|Analysts believe {H}
وذكرت وسائل إعلام محلية أن {H}|Local media reported that {H}
وأفادت وكالة رويترز بأن {H}|Reuters reported that {H}
وجاء في البيان أن {H}|The statement said that {H}
[وكان/وكانت] {P} قد {V}|{P} had {V}
ولم يصدر أي تعليق من {O}|There was no comment from {O}
ولم يتسن الاتصال ب{P} للتعليق|{P} could not be reached for comment
ورفض متحدث باسم {O} التعليق|A spokesperson for {O} declined to comment
ومن المقرر أن [يزور/تزور] {P} {C} {D}|{P} is scheduled to visit {C} {D}
ومن المتوقع أن [يصل/تصل] {P} إلى {C} يوم {W}|{P} is expected to arrive in {C} on {W}
[وصل/وصلت] {P} إلى {C} يوم {W} في زيارة تستمر يومين|{P} arrived in {C} on {W} on a two-day visit
التقى {P1} في {C} {P2}|{P1} met {P2} in {C}
بحث {P1} مع {P2} العلاقات بين البلدين|{P1} and {P2} discussed relations between the two countries
[توفي/توفيت] {P} عن عمر ناهز {a} عاما|{P} died at the age of {a}
ولد {n} في {C} عام {Y}|{n} was born in {C} in {Y}
وُلدت {n} في {C} عام {Y} ودرست في {L}|{n} was born in {C} in {Y} and studied in {L}
عاش {n} في {L} منذ عام {Y}|{n} has lived in {L} since {Y}
{n}، {a} عاما، من {C}|{n}, {a}, from {C}
وقال {n}، البالغ من العمر {a} عاما: "{H}"|{n}, {a}, said: "{H}"
وقالت {n}، البالغة من العمر {a} عاما، إن {H}|{n}, {a}, said {H}
[انتخب/انتخبت] {P} {D}|{P} was elected {D}
عُين {n} في منصبه عام {Y}|{n} was appointed to his post in {Y}
استقالت {n} من منصبها {D}|{n} resigned from her post {D}
حكم على {n} بالسجن {#} عاما|{n} was sentenced to {#} years in prison
اعتقلت الشرطة {n} في {C} {D}|Police arrested {n} in {C} {D}
ألقت الشرطة القبض على رجل يبلغ من العمر {a} عاما في {C}|Police arrested a {a}-year-old man in {C}
يواجه {n} تهمة القتل|{n} is facing a murder charge
مثل {n} أمام محكمة في {C} يوم {W}|{n} appeared before a court in {C} on {W}
قتل {N} في انفجار سيارة مفخخة في {C}|{N} were killed in a car bomb explosion in {C}
قُتل {N1} وأصيب {N2} في هجوم في {C}|{N1} were killed and {N2} injured in an attack in {C}
لقي {N} مصرعهم في حادث سير قرب {C}|{N} died in a road accident near {C}
ارتفعت حصيلة القتلى إلى {#} شخصا|The death toll rose to {#}
لا يزال {N} في عداد المفقودين|{N} are still missing
نقل {N} إلى المستشفى|{N} were taken to hospital
أسفر الزلزال الذي بلغت قوته {r} درجات عن مقتل {N}|The {r}-magnitude earthquake killed {N}
ضرب زلزال بقوة {r} درجات {L} {D}|An earthquake of magnitude {r} struck {L} {D}
وقع الحادث عند الساعة {T} في {C}|The accident happened at {T} in {C}
بدأت المباراة في الساعة {T}|The match started at {T}
بلغ عدد سكان {C} {#} ألف نسمة|{C} has a population of {#},000
يبلغ عدد سكان {L} نحو {#} مليون نسمة|{L} has a population of about {#} million
تبلغ قيمة الصفقة {$}|The deal is worth {$}
بلغت خسائر الشركة {$} في عام {Y}|The company's losses amounted to {$} in {Y}
بلغت الأرباح الصافية {$}، بزيادة {%} عن العام السابق|Net profit was {$}, up {%} from the previous year
حصل المشروع على تمويل قدره {$}|The project received funding of {$}
غرمت المحكمة الشركة {$}|The court fined the company {$}
بيعت اللوحة مقابل {$}|The painting was sold for {$}
[خصص/خصصت] {O} {$} للمشروع|{O} allocated {$} for the project
ارتفع سهم {K} بنسبة {%}|{K} shares rose {%}
تراجعت أسعار النفط بنسبة {%} إلى {$}|Oil prices fell {%} to {$}
ارتفع معدل التضخم في {L} إلى {%} في {m}|Inflation in {L} rose to {%} in {m}
انخفضت الصادرات {%} مقارنة بعام {Y}|Exports fell {%} compared with {Y}
أظهر استطلاع أن {%} من الناخبين يؤيدون {P}|A poll showed that {%} of voters support {P}
[حصل/حصلت] {P} على {%} من الأصوات|{P} won {%} of the vote
بلغت نسبة المشاركة في الانتخابات {%}|Turnout in the election was {%}
[فاز/فازت] {O} ب{#} مقعدا في البرلمان|{O} won {#} seats in parliament
فاز {K1} على {K2} {G}|{K1} beat {K2} {G}
تعادل {K1} مع {K2} {G} في {C}|{K1} drew {G} with {K2} in {C}
خسر منتخب {L} أمام منتخب {L2} {G}|{L} lost {G} to {L2}
سجل {n} هدفا في الدقيقة {#}|{n} scored in the {#th} minute
انضم {n} إلى {K} مقابل {$}|{n} joined {K} for {$}
احتل {n} المركز الثاني في سباق {C}|{n} came second in the {C} race
يتصدر {K} الترتيب برصيد {#} نقطة|{K} top the table with {#} points
أطلقت شركة {K} هاتفا جديدا {D}|{K} launched a new phone {D}
أعلنت شركة {K} تسريح {#} موظفا|{K} announced it was laying off {#} employees
نشر {n} على منصة {K} صورة من {C}|{n} posted a picture from {C} on {K}
اطلع على مزيد من المعلومات على الموقع {K}|More information is available at {K}
يدرس {n} في جامعة {C}|{n} studies at the University of {C}
ألف {n} كتابا عن تاريخ {L}|{n} wrote a book about the history of {L}
يعرض الفيلم في دور السينما {D}|The film opens in cinemas {D}
يستمر المعرض في {C} حتى {d}|The exhibition in {C} runs until {d}
يقام المؤتمر في {C} في {d}|The conference will be held in {C} on {d}
وقعت {L} و{L2} اتفاقية للتعاون العسكري|{L} and {L2} signed a military cooperation agreement
فرضت {L} عقوبات على {L2}|{L} imposed sanctions on {L2}
اتهمت {L} {L2} بانتهاك مجالها الجوي|{L} accused {L2} of violating its airspace
سحبت {L} سفيرها من {L2}|{L} withdrew its ambassador from {L2}
أغلقت {L} حدودها مع {L2} {D}|{L} closed its border with {L2} {D}
تربط {L} ب{L2} علاقات وثيقة|{L} has close ties with {L2}
تقع {C} على بعد {#} كيلومترا شمال العاصمة|{C} lies {#} kilometers north of the capital
يمتد الطريق {#} كيلومترا بين {C} و{C2}|The road runs {#} kilometers between {C} and {C2}
سجلت {L} {#} إصابة جديدة بالفيروس|{L} recorded {#} new infections with the virus
تلقى {%} من السكان جرعة واحدة على الأقل|{%} of the population has received at least one dose
تصل درجة الحرارة في {C} إلى {#} درجة|The temperature in {C} will reach {#} degrees
[توقع/توقعت] {O} هطول أمطار غزيرة في {C}|{O} forecast heavy rain in {C}
ألغيت {#} رحلة في مطار {C}|{#} flights were canceled at {C} airport
هبطت الطائرة في مطار {C} في الساعة {T}|The plane landed at {C} airport at {T}
استغرقت الرحلة {M}|The journey took {M}
استمر الاجتماع {M}|The meeting lasted {M}
دمر الحريق {M}|The fire destroyed {M}
تضم القائمة {M}|The list includes {M}
في {d} {Y}، {H}|On {d} {Y}, {H}
وفي عام {Y}، {H}|In {Y}, {H}
ومنذ عام {Y}، {O} {V}|Since {Y}, {O} has {V}
بين عامي {Y} و{Y2}|Between {Y} and {Y2}
{H}، لكن {H2}|{H}, but {H2}
{H}، فيما {H2}|{H}, while {H2}
{H} بعد أن {V}|{H} after it {V}
لم يعرف بعد ما إذا [كان/كانت] {P} قد {V}|It is not yet known whether {P} {V}
هل [كان/كانت] {P} على حق؟|Was {P} right?
لماذا [تأخر/تأخرت] {P}؟|Why was {P} late?
من هو {n}؟|Who is {n}?
ماذا [قال/قالت] {P}؟|What did {P} say?
متى [يصل/تصل] {P} إلى {C}؟|When does {P} arrive in {C}?
لم [يكن/تكن] {P} على علم بذلك|{P} was not aware of that
لا [يريد/تريد] {P} الحرب|{P} does not want war
لا يوجد دليل على أن {P} {V}|There is no evidence that {P} {V}
يجب على {O} أن [يتحرك/تتحرك] فورا|{O} must act immediately
يمكن لـ{P} أن [يترشح/تترشح] مرة أخرى|{P} can run again
ربما [كان/كانت] {P} في {C} {D}|{P} may have been in {C} {D}
كان من المقرر أن يجتمع {P1} و{P2} {D}|{P1} and {P2} had been due to meet {D}
تم إنقاذ {N} من تحت الأنقاض في {C}|{N} were rescued from the rubble in {C}
شارك {N} في مسيرة في {C} يوم {W}|{N} took part in a march in {C} on {W}
يعمل في المصنع {N}|{N} work at the factory
{n} ({C})|{n} ({C})
{C} - {K}|{C} - {K}
{W} {d} {Y}|{W}, {d} {Y}
تصوير: {n}/{K}|Photo: {n}/{K}
كتب: {n}|By {n}
اقرأ أيضا: {H}|Read also: {H}
{C}: {H}|{C}: {H}
{P}: {H}|{P}: {H}
{O} {V} {A}|{O} {V} {A}
""")

# Football clubs, companies, sites, handles: the same on both sides
LATIN = """BBC CNN Reuters AFP Google Twitter Facebook YouTube Instagram TikTok X Telegram WhatsApp Netflix Tesla SpaceX iPhone
OpenAI ChatGPT Huawei Samsung Boeing Airbus COVID-19 CO2 F-35 S-400 MQ-9 GDP WHO @newsdesk @mujaz #COP30 #breaking
www.example.org example.com/news info@example.com https://example.org/live Sky Le Figaro El Mundo Bild KPMG PwC HSBC IBM
Volvo BMW Chevron Shell Pfizer Moderna AstraZeneca Delta Ryanair easyJet UEFA NBA UFC""".split()

"""The words of grammar.py: Arabic and English side by side, with what agreement needs. Columns are set apart by |."""


def table(text):
    return [tuple(cell.strip() for cell in line.split("|")) for line in text.strip().splitlines()]


# country | nisba masculine | nisba feminine | English | English adjective
COUNTRIES = table("""
مصر|المصري|المصرية|Egypt|Egyptian
السعودية|السعودي|السعودية|Saudi Arabia|Saudi
إيران|الإيراني|الإيرانية|Iran|Iranian
العراق|العراقي|العراقية|Iraq|Iraqi
سوريا|السوري|السورية|Syria|Syrian
لبنان|اللبناني|اللبنانية|Lebanon|Lebanese
الأردن|الأردني|الأردنية|Jordan|Jordanian
فلسطين|الفلسطيني|الفلسطينية|Palestine|Palestinian
إسرائيل|الإسرائيلي|الإسرائيلية|Israel|Israeli
قطر|القطري|القطرية|Qatar|Qatari
الكويت|الكويتي|الكويتية|Kuwait|Kuwaiti
البحرين|البحريني|البحرينية|Bahrain|Bahraini
عمان|العماني|العمانية|Oman|Omani
الإمارات|الإماراتي|الإماراتية|the UAE|Emirati
اليمن|اليمني|اليمنية|Yemen|Yemeni
ليبيا|الليبي|الليبية|Libya|Libyan
تونس|التونسي|التونسية|Tunisia|Tunisian
الجزائر|الجزائري|الجزائرية|Algeria|Algerian
المغرب|المغربي|المغربية|Morocco|Moroccan
موريتانيا|الموريتاني|الموريتانية|Mauritania|Mauritanian
السودان|السوداني|السودانية|Sudan|Sudanese
الصومال|الصومالي|الصومالية|Somalia|Somali
تركيا|التركي|التركية|Turkey|Turkish
روسيا|الروسي|الروسية|Russia|Russian
أوكرانيا|الأوكراني|الأوكرانية|Ukraine|Ukrainian
الصين|الصيني|الصينية|China|Chinese
اليابان|الياباني|اليابانية|Japan|Japanese
الهند|الهندي|الهندية|India|Indian
باكستان|الباكستاني|الباكستانية|Pakistan|Pakistani
أفغانستان|الأفغاني|الأفغانية|Afghanistan|Afghan
الولايات المتحدة|الأميركي|الأميركية|the United States|US
الولايات المتحدة|الأمريكي|الأمريكية|the United States|American
بريطانيا|البريطاني|البريطانية|Britain|British
فرنسا|الفرنسي|الفرنسية|France|French
ألمانيا|الألماني|الألمانية|Germany|German
إيطاليا|الإيطالي|الإيطالية|Italy|Italian
إسبانيا|الإسباني|الإسبانية|Spain|Spanish
البرتغال|البرتغالي|البرتغالية|Portugal|Portuguese
هولندا|الهولندي|الهولندية|the Netherlands|Dutch
بلجيكا|البلجيكي|البلجيكية|Belgium|Belgian
سويسرا|السويسري|السويسرية|Switzerland|Swiss
النمسا|النمساوي|النمساوية|Austria|Austrian
السويد|السويدي|السويدية|Sweden|Swedish
النرويج|النرويجي|النرويجية|Norway|Norwegian
الدنمارك|الدنماركي|الدنماركية|Denmark|Danish
فنلندا|الفنلندي|الفنلندية|Finland|Finnish
بولندا|البولندي|البولندية|Poland|Polish
المجر|المجري|المجرية|Hungary|Hungarian
اليونان|اليوناني|اليونانية|Greece|Greek
قبرص|القبرصي|القبرصية|Cyprus|Cypriot
صربيا|الصربي|الصربية|Serbia|Serbian
كندا|الكندي|الكندية|Canada|Canadian
المكسيك|المكسيكي|المكسيكية|Mexico|Mexican
البرازيل|البرازيلي|البرازيلية|Brazil|Brazilian
الأرجنتين|الأرجنتيني|الأرجنتينية|Argentina|Argentine
فنزويلا|الفنزويلي|الفنزويلية|Venezuela|Venezuelan
كولومبيا|الكولومبي|الكولومبية|Colombia|Colombian
أستراليا|الأسترالي|الأسترالية|Australia|Australian
نيوزيلندا|النيوزيلندي|النيوزيلندية|New Zealand|New Zealand
كوريا الجنوبية|الكوري الجنوبي|الكورية الجنوبية|South Korea|South Korean
كوريا الشمالية|الكوري الشمالي|الكورية الشمالية|North Korea|North Korean
إندونيسيا|الإندونيسي|الإندونيسية|Indonesia|Indonesian
ماليزيا|الماليزي|الماليزية|Malaysia|Malaysian
تايلاند|التايلاندي|التايلاندية|Thailand|Thai
الفلبين|الفلبيني|الفلبينية|the Philippines|Philippine
إثيوبيا|الإثيوبي|الإثيوبية|Ethiopia|Ethiopian
كينيا|الكيني|الكينية|Kenya|Kenyan
نيجيريا|النيجيري|النيجيرية|Nigeria|Nigerian
جنوب أفريقيا|الجنوب أفريقي|الجنوب أفريقية|South Africa|South African
السنغال|السنغالي|السنغالية|Senegal|Senegalese
مالي|المالي|المالية|Mali|Malian
أرمينيا|الأرميني|الأرمينية|Armenia|Armenian
أذربيجان|الأذربيجاني|الأذربيجانية|Azerbaijan|Azerbaijani
كازاخستان|الكازاخستاني|الكازاخستانية|Kazakhstan|Kazakh
""")

CITIES = table("""
القاهرة|Cairo
الرياض|Riyadh
جدة|Jeddah
طهران|Tehran
بغداد|Baghdad
البصرة|Basra
الموصل|Mosul
أربيل|Erbil
دمشق|Damascus
حلب|Aleppo
حمص|Homs
بيروت|Beirut
طرابلس|Tripoli
صيدا|Sidon
غزة|Gaza
رفح|Rafah
القدس|Jerusalem
رام الله|Ramallah
تل أبيب|Tel Aviv
الدوحة|Doha
دبي|Dubai
أبوظبي|Abu Dhabi
المنامة|Manama
مسقط|Muscat
صنعاء|Sanaa
عدن|Aden
الحديدة|Hodeidah
بنغازي|Benghazi
الرباط|Rabat
الدار البيضاء|Casablanca
مراكش|Marrakesh
الخرطوم|Khartoum
دارفور|Darfur
نواكشوط|Nouakchott
مقديشو|Mogadishu
أنقرة|Ankara
إسطنبول|Istanbul
موسكو|Moscow
كييف|Kyiv
بكين|Beijing
شنغهاي|Shanghai
طوكيو|Tokyo
نيودلهي|New Delhi
إسلام آباد|Islamabad
كابول|Kabul
واشنطن|Washington
نيويورك|New York
لوس أنجلوس|Los Angeles
شيكاغو|Chicago
لندن|London
مانشستر|Manchester
باريس|Paris
مرسيليا|Marseille
برلين|Berlin
ميونيخ|Munich
روما|Rome
ميلانو|Milan
مدريد|Madrid
برشلونة|Barcelona
لشبونة|Lisbon
بروكسل|Brussels
أمستردام|Amsterdam
جنيف|Geneva
فيينا|Vienna
ستوكهولم|Stockholm
أوسلو|Oslo
وارسو|Warsaw
أثينا|Athens
نيقوسيا|Nicosia
أوتاوا|Ottawa
سيدني|Sydney
سيول|Seoul
جاكرتا|Jakarta
بانكوك|Bangkok
مانيلا|Manila
أديس أبابا|Addis Ababa
نيروبي|Nairobi
لاغوس|Lagos
الإسكندرية|Alexandria
الإسماعيلية|Ismailia
""")

# masculine holder | feminine holder | English; {m} {f}: nisba of the country
TITLES = table("""
الرئيس {m}|الرئيسة {f}|{a} President
رئيس الوزراء {m}|رئيسة الوزراء {f}|{a} Prime Minister
وزير الخارجية {m}|وزيرة الخارجية {f}|{a} Foreign Minister
وزير الدفاع {m}|وزيرة الدفاع {f}|{a} Defense Minister
وزير الداخلية {m}|وزيرة الداخلية {f}|{a} Interior Minister
وزير المالية {m}|وزيرة المالية {f}|{a} Finance Minister
وزير الصحة {m}|وزيرة الصحة {f}|{a} Health Minister
وزير الاقتصاد {m}|وزيرة الاقتصاد {f}|{a} Economy Minister
وزير الطاقة {m}|وزيرة الطاقة {f}|{a} Energy Minister
وزير النفط {m}|وزيرة النفط {f}|{a} Oil Minister
وزير التعليم {m}|وزيرة التعليم {f}|{a} Education Minister
وزير العدل {m}|وزيرة العدل {f}|{a} Justice Minister
وزير النقل {m}|وزيرة النقل {f}|{a} Transport Minister
السفير {m}|السفيرة {f}|{a} Ambassador
رئيس البرلمان {m}|رئيسة البرلمان {f}|{a} Parliament Speaker
المتحدث باسم الحكومة {f}|المتحدثة باسم الحكومة {f}|{a} government spokesperson
المتحدث باسم الجيش {m}|المتحدثة باسم الجيش {m}|{a} army spokesperson
محافظ البنك المركزي {m}|محافظة البنك المركزي {m}|{a} central bank governor
النائب {m}|النائبة {f}|{a} lawmaker
اللاعب {m}|اللاعبة {f}|{a} player
المدرب {m}|المدربة {f}|{a} coach
الكاتب {m}|الكاتبة {f}|{a} writer
الممثل {m}|الممثلة {f}|{a} actor
الخبير {m}|الخبيرة {f}|{a} expert
المحامي {m}|المحامية {f}|{a} lawyer
الباحث {m}|الباحثة {f}|{a} researcher
الصحافي {m}|الصحافية {f}|{a} journalist
الطبيب {m}|الطبيبة {f}|{a} doctor
""")

# Arabic | gender | English
BODIES = table("""
الأمم المتحدة|f|the United Nations
مجلس الأمن|m|the Security Council
الاتحاد الأوروبي|m|the European Union
الجامعة العربية|f|the Arab League
الاتحاد الأفريقي|m|the African Union
منظمة الصحة العالمية|f|the World Health Organization
صندوق النقد الدولي|m|the International Monetary Fund
البنك الدولي|m|the World Bank
البنك المركزي|m|the central bank
حلف شمال الأطلسي|m|NATO
البيت الأبيض|m|the White House
وزارة الدفاع|f|the Ministry of Defense
وزارة الخارجية|f|the Foreign Ministry
وزارة الداخلية|f|the Interior Ministry
وزارة الصحة|f|the Ministry of Health
وزارة التعليم|f|the Ministry of Education
وزارة المالية|f|the Finance Ministry
الحكومة|f|the government
البرلمان|m|the parliament
المعارضة|f|the opposition
الشرطة|f|the police
الجيش|m|the army
المحكمة العليا|f|the Supreme Court
المحكمة|f|the court
النيابة العامة|f|the public prosecutor
اللجنة|f|the committee
الشركة|f|the company
المؤسسة|f|the institution
الهيئة الوطنية للانتخابات|f|the National Elections Authority
منظمة العفو الدولية|f|Amnesty International
الصليب الأحمر|m|the Red Cross
الهلال الأحمر|m|the Red Crescent
وكالة الطاقة الذرية|f|the atomic energy agency
الدفاع المدني|m|civil defense
المنتخب الوطني|m|the national team
النادي|m|the club
الجامعة|f|the university
المستشفى|m|the hospital
مجلس الوزراء|m|the cabinet
مجلس الشيوخ|m|the Senate
مجلس النواب|m|the House of Representatives
الكونغرس|m|Congress
الحزب الحاكم|m|the ruling party
الائتلاف|m|the coalition
النقابة|f|the union
السلطات المحلية|f|local authorities
وكالة الأنباء الرسمية|f|the official news agency
التلفزيون الرسمي|m|state television
صحيفة محلية|f|a local newspaper
القوات المسلحة|f|the armed forces
""")

# indefinite singular | indefinite plural | gender | English | English plural
THINGS = table("""
اتفاق|اتفاقات|m|agreement|agreements
قرار|قرارات|m|decision|decisions
قانون|قوانين|m|law|laws
مشروع|مشاريع|m|project|projects
خطة|خطط|f|plan|plans
اجتماع|اجتماعات|m|meeting|meetings
مؤتمر|مؤتمرات|m|conference|conferences
قمة|قمم|f|summit|summits
زيارة|زيارات|f|visit|visits
أزمة|أزمات|f|crisis|crises
هجوم|هجمات|m|attack|attacks
عملية|عمليات|f|operation|operations
حملة|حملات|f|campaign|campaigns
تقرير|تقارير|m|report|reports
بيان|بيانات|m|statement|statements
تحقيق|تحقيقات|m|investigation|investigations
محاكمة|محاكمات|f|trial|trials
مظاهرة|مظاهرات|f|demonstration|demonstrations
إضراب|إضرابات|m|strike|strikes
انتخاب|انتخابات|m|election|elections
مباراة|مباريات|f|match|matches
بطولة|بطولات|f|championship|championships
فيلم|أفلام|m|film|films
كتاب|كتب|m|book|books
رواية|روايات|f|novel|novels
معرض|معارض|m|exhibition|exhibitions
مهرجان|مهرجانات|m|festival|festivals
دراسة|دراسات|f|study|studies
مدرسة|مدارس|f|school|schools
مستشفى|مستشفيات|m|hospital|hospitals
طريق|طرق|m|road|roads
جسر|جسور|m|bridge|bridges
مطار|مطارات|m|airport|airports
ميناء|موانئ|m|port|ports
مصنع|مصانع|m|factory|factories
حقل|حقول|m|field|fields
سفينة|سفن|f|ship|ships
طائرة|طائرات|f|plane|planes
صاروخ|صواريخ|m|missile|missiles
سيارة|سيارات|f|car|cars
قطار|قطارات|m|train|trains
منزل|منازل|m|house|houses
مبنى|مبان|m|building|buildings
قرية|قرى|f|village|villages
مدينة|مدن|f|city|cities
منطقة|مناطق|f|area|areas
حدود|حدود|f|border|borders
سوق|أسواق|f|market|markets
سعر|أسعار|m|price|prices
ضريبة|ضرائب|f|tax|taxes
ميزانية|ميزانيات|f|budget|budgets
قرض|قروض|m|loan|loans
استثمار|استثمارات|m|investment|investments
عقوبة|عقوبات|f|sanction|sanctions
مساعدة|مساعدات|f|aid package|aid packages
مفاوضة|مفاوضات|f|negotiation|negotiations
محادثة|محادثات|f|talk|talks
خلاف|خلافات|m|dispute|disputes
علاقة|علاقات|f|relation|relations
حرب|حروب|f|war|wars
هدنة|هدن|f|truce|truces
معركة|معارك|f|battle|battles
انفجار|انفجارات|m|explosion|explosions
حريق|حرائق|m|fire|fires
زلزال|زلازل|m|earthquake|earthquakes
فيضان|فيضانات|m|flood|floods
عاصفة|عواصف|f|storm|storms
حادث|حوادث|m|accident|accidents
جريمة|جرائم|f|crime|crimes
لقاح|لقاحات|m|vaccine|vaccines
مرض|أمراض|m|disease|diseases
فيروس|فيروسات|m|virus|viruses
علاج|علاجات|m|treatment|treatments
برنامج|برامج|m|program|programs
تطبيق|تطبيقات|m|application|applications
موقع|مواقع|m|site|sites
شبكة|شبكات|f|network|networks
نظام|أنظمة|m|system|systems
سياسة|سياسات|f|policy|policies
إجراء|إجراءات|m|measure|measures
خطوة|خطوات|f|step|steps
مبادرة|مبادرات|f|initiative|initiatives
اقتراح|اقتراحات|m|proposal|proposals
قضية|قضايا|f|case|cases
مشكلة|مشاكل|f|problem|problems
فرصة|فرص|f|opportunity|opportunities
تهديد|تهديدات|m|threat|threats
ضغط|ضغوط|m|pressure|pressures
تحد|تحديات|m|challenge|challenges
نتيجة|نتائج|f|result|results
هدف|أهداف|m|goal|goals
جائزة|جوائز|f|prize|prizes
رسالة|رسائل|f|letter|letters
صورة|صور|f|picture|pictures
مقابلة|مقابلات|f|interview|interviews
خطاب|خطابات|m|speech|speeches
منصب|مناصب|m|post|posts
عقد|عقود|m|contract|contracts
صفقة|صفقات|f|deal|deals
دعوة|دعوات|f|invitation|invitations
جلسة|جلسات|f|session|sessions
وثيقة|وثائق|f|document|documents
محطة|محطات|f|station|stations
سد|سدود|m|dam|dams
خدمة|خدمات|f|service|services
وظيفة|وظائف|f|job|jobs
منتج|منتجات|m|product|products
""")

# masculine indefinite | feminine indefinite | English
QUALITIES = table("""
جديد|جديدة|new
قديم|قديمة|old
كبير|كبيرة|large
صغير|صغيرة|small
مهم|مهمة|important
خطير|خطيرة|serious
أمني|أمنية|security
سياسي|سياسية|political
اقتصادي|اقتصادية|economic
عسكري|عسكرية|military
تجاري|تجارية|commercial
دولي|دولية|international
إقليمي|إقليمية|regional
محلي|محلية|local
وطني|وطنية|national
دبلوماسي|دبلوماسية|diplomatic
إنساني|إنسانية|humanitarian
ثقافي|ثقافية|cultural
رياضي|رياضية|sports
علمي|علمية|scientific
تاريخي|تاريخية|historic
مشترك|مشتركة|joint
عاجل|عاجلة|urgent
طارئ|طارئة|emergency
رسمي|رسمية|official
سري|سرية|secret
أولي|أولية|preliminary
نهائي|نهائية|final
سنوي|سنوية|annual
شامل|شاملة|comprehensive
عام|عامة|general
خاص|خاصة|special
قانوني|قانونية|legal
مالي|مالية|financial
صحي|صحية|health
بيئي|بيئية|environmental
نووي|نووية|nuclear
إرهابي|إرهابية|terrorist
صارم|صارمة|strict
مؤقت|مؤقتة|temporary
دائم|دائمة|permanent
سابق|سابقة|previous
مقبل|مقبلة|upcoming
ضخم|ضخمة|huge
محدود|محدودة|limited
واسع|واسعة|broad
مباشر|مباشرة|direct
ناجح|ناجحة|successful
متزايد|متزايدة|growing
مستمر|مستمرة|continuing
حديث|حديثة|modern
رقمي|رقمية|digital
صناعي|صناعية|industrial
زراعي|زراعية|agricultural
اجتماعي|اجتماعية|social
بحري|بحرية|naval
جوي|جوية|air
عربي|عربية|Arab
أوروبي|أوروبية|European
ثنائي|ثنائية|bilateral
ملموس|ملموسة|concrete
جاد|جادة|serious
مفاجئ|مفاجئة|sudden
عنيف|عنيفة|violent
سلمي|سلمية|peaceful
مثير للجدل|مثيرة للجدل|controversial
""")

# past masculine | past feminine | present masculine | present feminine | English past | English base
DEEDS = table("""
ناقش|ناقشت|يناقش|تناقش|discussed|discuss
بحث|بحثت|يبحث|تبحث|discussed|discuss
رفض|رفضت|يرفض|ترفض|rejected|reject
أيد|أيدت|يؤيد|تؤيد|supported|support
أعلن|أعلنت|يعلن|تعلن|announced|announce
أطلق|أطلقت|يطلق|تطلق|launched|launch
بدأ|بدأت|يبدأ|تبدأ|began|begin
أنهى|أنهت|ينهي|تنهي|ended|end
علق|علقت|يعلق|تعلق|suspended|suspend
ألغى|ألغت|يلغي|تلغي|canceled|cancel
أجل|أجلت|يؤجل|تؤجل|postponed|postpone
وقع|وقعت|يوقع|توقع|signed|sign
أقر|أقرت|يقر|تقر|approved|approve
انتقد|انتقدت|ينتقد|تنتقد|criticized|criticize
أدان|أدانت|يدين|تدين|condemned|condemn
طلب|طلبت|يطلب|تطلب|requested|request
قدم|قدمت|يقدم|تقدم|presented|present
نشر|نشرت|ينشر|تنشر|published|publish
فتح|فتحت|يفتح|تفتح|opened|open
أغلق|أغلقت|يغلق|تغلق|closed|close
دعم|دعمت|يدعم|تدعم|backed|back
واجه|واجهت|يواجه|تواجه|faced|face
تجنب|تجنبت|يتجنب|تتجنب|avoided|avoid
توقع|توقعت|يتوقع|تتوقع|expected|expect
أعد|أعدت|يعد|تعد|prepared|prepare
نفذ|نفذت|ينفذ|تنفذ|carried out|carry out
مول|مولت|يمول|تمول|financed|finance
استضاف|استضافت|يستضيف|تستضيف|hosted|host
نظم|نظمت|ينظم|تنظم|organized|organize
راجع|راجعت|يراجع|تراجع|reviewed|review
رحب ب|رحبت ب|يرحب ب|ترحب ب|welcomed|welcome
هدد ب|هددت ب|يهدد ب|تهدد ب|threatened|threaten
طالب ب|طالبت ب|يطالب ب|تطالب ب|demanded|demand
وافق على|وافقت على|يوافق على|توافق على|approved|approve
شارك في|شاركت في|يشارك في|تشارك في|took part in|take part in
أشرف على|أشرفت على|يشرف على|تشرف على|supervised|supervise
حصل على|حصلت على|يحصل على|تحصل على|obtained|obtain
حذر من|حذرت من|يحذر من|تحذر من|warned of|warn of
كشف عن|كشفت عن|يكشف عن|تكشف عن|revealed|reveal
تراجع عن|تراجعت عن|يتراجع عن|تتراجع عن|backed away from|back away from
""")

# verb of saying masculine | feminine | what follows | English
SAYING = table("""
قال|قالت|إن|said
أعلن|أعلنت|أن|announced
أكد|أكدت|أن|affirmed
أوضح|أوضحت|أن|explained
أضاف|أضافت|أن|added
ذكر|ذكرت|أن|stated
كشف|كشفت|أن|revealed
صرح|صرحت|بأن|stated
أفاد|أفادت|بأن|reported
أشار|أشارت|إلى أن|pointed out
لفت|لفتت|إلى أن|noted
شدد|شددت|على أن|stressed
اعتبر|اعتبرت|أن|considered
رأى|رأت|أن|believed
زعم|زعمت|أن|claimed
نفى|نفت|أن|denied
تابع|تابعت|أن|went on to say
""")

# Levantine | Egyptian | English
MONTHS = table("""
كانون الثاني|يناير|January
شباط|فبراير|February
آذار|مارس|March
نيسان|أبريل|April
أيار|مايو|May
حزيران|يونيو|June
تموز|يوليو|July
آب|أغسطس|August
أيلول|سبتمبر|September
تشرين الأول|أكتوبر|October
تشرين الثاني|نوفمبر|November
كانون الأول|ديسمبر|December
""")

DAYS = table("""
الأحد|Sunday
الاثنين|Monday
الثلاثاء|Tuesday
الأربعاء|Wednesday
الخميس|Thursday
الجمعة|Friday
السبت|Saturday
""")

# counted: plural for 3 to 10 | accusative singular for 11 and more | English plural
COUNTED = table("""
أشخاص|شخصا|people
جنود|جنديا|soldiers
مدنيين|مدنيا|civilians
أطفال|طفلا|children
جرحى|جريحا|wounded
قتلى|قتيلا|dead
لاجئين|لاجئا|refugees
عمال|عاملا|workers
طلاب|طالبا|students
ركاب|راكبا|passengers
مسلحين|مسلحا|gunmen
متظاهرين|متظاهرا|demonstrators
أعضاء|عضوا|members
نواب|نائبا|lawmakers
دول|دولة|countries
شركات|شركة|companies
مدارس|مدرسة|schools
منازل|منزلا|houses
سيارات|سيارة|cars
طائرات|طائرة|planes
سفن|سفينة|ships
ساعات|ساعة|hours
أيام|يوما|days
أسابيع|أسبوعا|weeks
أشهر|شهرا|months
سنوات|سنة|years
أعوام|عاما|years
كيلومترات|كيلومترا|kilometers
أمتار|مترا|meters
أهداف|هدفا|goals
نقاط|نقطة|points
أصوات|صوتا|votes
دولارات|دولارا|dollars
كتب|كتابا|books
مشاريع|مشروعا|projects
قرى|قرية|villages
لاعبين|لاعبا|players
حالات|حالة|cases
""")

# time and circumstance | English, both free to end a clause
CIRCUMSTANCES = table("""
بشكل كامل|completely
في وقت سابق|earlier
في الأسابيع المقبلة|in the coming weeks
خلال العام الماضي|over the past year
خلال الشهر الجاري|during this month
منذ بداية الأزمة|since the beginning of the crisis
للمرة الأولى|for the first time
للمرة الثالثة|for the third time
بعد ساعات من الانفجار|hours after the explosion
قبل نهاية العام|before the end of the year
رغم الضغوط الدولية|despite international pressure
وسط إجراءات أمنية مشددة|amid tight security measures
بسبب نقص التمويل|because of a lack of funding
في إطار التعاون بين البلدين|as part of cooperation between the two countries
على هامش القمة|on the sidelines of the summit
في مؤتمر صحافي|at a press conference
في بيان نشر على الإنترنت|in a statement published online
عبر منصة "إكس"|on the platform "X"
بعد مفاوضات طويلة|after long negotiations
من دون أي شروط|without any conditions
في ظروف صعبة|in difficult conditions
بحلول نهاية الشهر|by the end of the month
وفقا لمصادر مطلعة|according to informed sources
بحسب وسائل إعلام محلية|according to local media
للعام الثاني على التوالي|for the second year in a row
في جميع أنحاء البلاد|across the country
في العاصمة|in the capital
على الحدود|on the border
في شمال البلاد|in the north of the country
في جنوب البلاد|in the south of the country
مساء أمس|yesterday evening
صباح اليوم|this morning
الليلة الماضية|last night
حتى الآن|so far
على الفور|immediately
""")

"""Phrases of newspapers for grammar.py, whole collocations rather than words. Columns are set apart by |.

~ stands for a pronoun that agrees with the subject: ه or ها, his, her or its.
"""

from lexicon import table

# What persons and institutions do: past | present, both masculine singular | English past | English base
DOINGS = table("""
أدلى بصوت~ في الانتخابات|يدلي بصوت~ في الانتخابات|voted in the election|vote in the election
فاز في الانتخابات الرئاسية|يفوز في الانتخابات الرئاسية|won the presidential election|win the presidential election
فاز بأغلبية المقاعد في البرلمان|يفوز بأغلبية المقاعد في البرلمان|won a majority of seats in parliament|win a majority of seats in parliament
خسر الانتخابات بفارق ضئيل|يخسر الانتخابات بفارق ضئيل|narrowly lost the election|narrowly lose the election
حقق فوزا ساحقا|يحقق فوزا ساحقا|won a landslide victory|win a landslide victory
تصدر نتائج الانتخابات|يتصدر نتائج الانتخابات|came first in the election results|come first in the election results
أعلن ترشح~ للرئاسة|يعلن ترشح~ للرئاسة|announced ~ candidacy for president|announce ~ candidacy for president
قدم استقالت~|يقدم استقالت~|submitted ~ resignation|submit ~ resignation
استقال من منصب~|يستقيل من منصب~|resigned from ~ post|resign from ~ post
تنحى عن السلطة|يتنحى عن السلطة|stepped down from power|step down from power
تولى منصب~ الجديد|يتولى منصب~ الجديد|took up ~ new post|take up ~ new post
أدى اليمين الدستورية|يؤدي اليمين الدستورية|was sworn in|be sworn in
شكل حكومة جديدة|يشكل حكومة جديدة|formed a new government|form a new government
حل البرلمان|يحل البرلمان|dissolved parliament|dissolve parliament
دعا إلى انتخابات مبكرة|يدعو إلى انتخابات مبكرة|called for early elections|call for early elections
دعا إلى ضبط النفس|يدعو إلى ضبط النفس|called for restraint|call for restraint
دعا إلى وقف فوري لإطلاق النار|يدعو إلى وقف فوري لإطلاق النار|called for an immediate ceasefire|call for an immediate ceasefire
رحب بوقف إطلاق النار|يرحب بوقف إطلاق النار|welcomed the ceasefire|welcome the ceasefire
انتهك وقف إطلاق النار|ينتهك وقف إطلاق النار|violated the ceasefire|violate the ceasefire
وافق على هدنة إنسانية|يوافق على هدنة إنسانية|agreed to a humanitarian truce|agree to a humanitarian truce
رفض التعليق على التقارير|يرفض التعليق على التقارير|declined to comment on the reports|decline to comment on the reports
نفى هذه الاتهامات|ينفي هذه الاتهامات|denied these accusations|deny these accusations
نفى ارتكاب أي مخالفات|ينفي ارتكاب أي مخالفات|denied any wrongdoing|deny any wrongdoing
وجه اتهامات خطيرة إلى المعارضة|يوجه اتهامات خطيرة إلى المعارضة|leveled serious accusations at the opposition|level serious accusations at the opposition
اتهم المعارضة بالخيانة|يتهم المعارضة بالخيانة|accused the opposition of treason|accuse the opposition of treason
فرض عقوبات جديدة على موسكو|يفرض عقوبات جديدة على موسكو|imposed new sanctions on Moscow|impose new sanctions on Moscow
رفع العقوبات عن دمشق|يرفع العقوبات عن دمشق|lifted the sanctions on Damascus|lift the sanctions on Damascus
فرض رسوما جمركية على الواردات الصينية|يفرض رسوما جمركية على الواردات الصينية|imposed tariffs on Chinese imports|impose tariffs on Chinese imports
فرض حظر التجول في العاصمة|يفرض حظر التجول في العاصمة|imposed a curfew in the capital|impose a curfew in the capital
أعلن حالة الطوارئ|يعلن حالة الطوارئ|declared a state of emergency|declare a state of emergency
رفع حالة التأهب|يرفع حالة التأهب|raised the alert level|raise the alert level
سحب قوات~ من المنطقة|يسحب قوات~ من المنطقة|withdrew ~ forces from the area|withdraw ~ forces from the area
نشر مزيدا من القوات على الحدود|ينشر مزيدا من القوات على الحدود|deployed more troops on the border|deploy more troops on the border
شن غارات جوية على مواقع المسلحين|يشن غارات جوية على مواقع المسلحين|carried out air strikes on militant positions|carry out air strikes on militant positions
أطلق صواريخ باليستية|يطلق صواريخ باليستية|fired ballistic missiles|fire ballistic missiles
أسقط طائرة مسيرة|يسقط طائرة مسيرة|shot down a drone|shoot down a drone
سيطر على المدينة|يسيطر على المدينة|took control of the city|take control of the city
استعاد السيطرة على القرية|يستعيد السيطرة على القرية|regained control of the village|regain control of the village
حاصر المدينة لأسابيع|يحاصر المدينة لأسابيع|besieged the city for weeks|besiege the city for weeks
أفرج عن السجناء السياسيين|يفرج عن السجناء السياسيين|released political prisoners|release political prisoners
أطلق سراح الرهائن|يطلق سراح الرهائن|freed the hostages|free the hostages
ألقى القبض على المشتبه به|يلقي القبض على المشتبه به|arrested the suspect|arrest the suspect
فتح تحقيقا في الحادث|يفتح تحقيقا في الحادث|opened an investigation into the incident|open an investigation into the incident
أغلق التحقيق لعدم كفاية الأدلة|يغلق التحقيق لعدم كفاية الأدلة|closed the investigation for lack of evidence|close the investigation for lack of evidence
رفع دعوى قضائية ضد الشركة|يرفع دعوى قضائية ضد الشركة|filed a lawsuit against the company|file a lawsuit against the company
مثل أمام المحكمة|يمثل أمام المحكمة|appeared in court|appear in court
أقر بالذنب|يقر بالذنب|pleaded guilty|plead guilty
استأنف الحكم|يستأنف الحكم|appealed the ruling|appeal the ruling
طعن في نتائج الانتخابات|يطعن في نتائج الانتخابات|challenged the election results|challenge the election results
أعرب عن قلق~ البالغ|يعرب عن قلق~ البالغ|expressed ~ deep concern|express ~ deep concern
أعرب عن أسف~ لما حدث|يعرب عن أسف~ لما حدث|expressed ~ regret for what happened|express ~ regret for what happened
قدم تعازي~ إلى أسر الضحايا|يقدم تعازي~ إلى أسر الضحايا|offered ~ condolences to the families of the victims|offer ~ condolences to the families of the victims
قدم اعتذارا علنيا|يقدم اعتذارا علنيا|made a public apology|make a public apology
شعر بالصدمة|يشعر بالصدمة|was shocked|be shocked
شعر بخيبة أمل كبيرة|يشعر بخيبة أمل كبيرة|was very disappointed|be very disappointed
كان سعيدا بالنتيجة|يكون سعيدا بالنتيجة|was happy with the result|be happy with the result
أثار غضبا واسعا|يثير غضبا واسعا|sparked widespread anger|spark widespread anger
أثار جدلا كبيرا|يثير جدلا كبيرا|caused a great deal of controversy|cause a great deal of controversy
أثار مخاوف بشأن السلامة|يثير مخاوف بشأن السلامة|raised safety concerns|raise safety concerns
لعب دورا مهما في المفاوضات|يلعب دورا مهما في المفاوضات|played an important role in the negotiations|play an important role in the negotiations
توصل إلى اتفاق مع النقابات|يتوصل إلى اتفاق مع النقابات|reached an agreement with the unions|reach an agreement with the unions
انسحب من الاتفاق النووي|ينسحب من الاتفاق النووي|withdrew from the nuclear deal|withdraw from the nuclear deal
خصب اليورانيوم بنسبة عالية|يخصب اليورانيوم بنسبة عالية|enriched uranium to a high level|enrich uranium to a high level
قطع العلاقات الدبلوماسية|يقطع العلاقات الدبلوماسية|severed diplomatic relations|sever diplomatic relations
استأنف العلاقات الدبلوماسية|يستأنف العلاقات الدبلوماسية|resumed diplomatic relations|resume diplomatic relations
استدعى السفير للتشاور|يستدعي السفير للتشاور|recalled the ambassador for consultations|recall the ambassador for consultations
طرد ثلاثة دبلوماسيين|يطرد ثلاثة دبلوماسيين|expelled three diplomats|expel three diplomats
التقى نظير~ الفرنسي|يلتقي نظير~ الفرنسي|met ~ French counterpart|meet ~ French counterpart
أجرى محادثات مع نظير~ التركي|يجري محادثات مع نظير~ التركي|held talks with ~ Turkish counterpart|hold talks with ~ Turkish counterpart
أجرى مكالمة هاتفية مع الرئيس الأميركي|يجري مكالمة هاتفية مع الرئيس الأميركي|spoke by phone with the US president|speak by phone with the US president
عقد اجتماعا طارئا|يعقد اجتماعا طارئا|held an emergency meeting|hold an emergency meeting
عقد مؤتمرا صحافيا|يعقد مؤتمرا صحافيا|held a news conference|hold a news conference
أجل زيارت~ إلى المنطقة|يؤجل زيارت~ إلى المنطقة|postponed ~ visit to the region|postpone ~ visit to the region
ألغى زيارت~ إلى لندن|يلغي زيارت~ إلى لندن|canceled ~ visit to London|cancel ~ visit to London
شارك في جنازة الضحايا|يشارك في جنازة الضحايا|attended the victims' funeral|attend the victims' funeral
ألقى كلمة أمام الجمعية العامة|يلقي كلمة أمام الجمعية العامة|addressed the General Assembly|address the General Assembly
ألقى باللوم على الحكومة السابقة|يلقي باللوم على الحكومة السابقة|blamed the previous government|blame the previous government
تعهد بمحاربة الفساد|يتعهد بمحاربة الفساد|pledged to fight corruption|pledge to fight corruption
تعهد بخفض الضرائب|يتعهد بخفض الضرائب|promised to cut taxes|promise to cut taxes
خفض أسعار الفائدة|يخفض أسعار الفائدة|cut interest rates|cut interest rates
رفع أسعار الفائدة|يرفع أسعار الفائدة|raised interest rates|raise interest rates
أبقى أسعار الفائدة دون تغيير|يبقي أسعار الفائدة دون تغيير|left interest rates unchanged|leave interest rates unchanged
خفض توقعات~ للنمو|يخفض توقعات~ للنمو|cut ~ growth forecast|cut ~ growth forecast
زاد الإنفاق على التعليم|يزيد الإنفاق على التعليم|increased spending on education|increase spending on education
خصص مبلغا إضافيا لإعادة الإعمار|يخصص مبلغا إضافيا لإعادة الإعمار|allocated additional money for reconstruction|allocate additional money for reconstruction
أنفق ملايين الدولارات على الحملة|ينفق ملايين الدولارات على الحملة|spent millions of dollars on the campaign|spend millions of dollars on the campaign
سدد ديون~|يسدد ديون~|paid off ~ debts|pay off ~ debts
أعلن إفلاس~|يعلن إفلاس~|declared bankruptcy|declare bankruptcy
استحوذ على شركة منافسة|يستحوذ على شركة منافسة|acquired a rival company|acquire a rival company
باع حصت~ في المشروع|يبيع حصت~ في المشروع|sold ~ stake in the project|sell ~ stake in the project
وقع عقدا جديدا مع النادي|يوقع عقدا جديدا مع النادي|signed a new contract with the club|sign a new contract with the club
وقع مذكرة تفاهم|يوقع مذكرة تفاهم|signed a memorandum of understanding|sign a memorandum of understanding
أطلق مشروعا جديدا للطاقة الشمسية|يطلق مشروعا جديدا للطاقة الشمسية|launched a new solar energy project|launch a new solar energy project
افتتح المستشفى الجديد|يفتتح المستشفى الجديد|opened the new hospital|open the new hospital
أصدر بيانا مشتركا|يصدر بيانا مشتركا|issued a joint statement|issue a joint statement
أصدر حكما بالسجن المؤبد|يصدر حكما بالسجن المؤبد|handed down a life sentence|hand down a life sentence
أصدر مذكرة توقيف|يصدر مذكرة توقيف|issued an arrest warrant|issue an arrest warrant
أصدر تحذيرا من السفر|يصدر تحذيرا من السفر|issued a travel warning|issue a travel warning
نشر مقطع فيديو على مواقع التواصل الاجتماعي|ينشر مقطع فيديو على مواقع التواصل الاجتماعي|posted a video on social media|post a video on social media
كتب في تغريدة على تويتر|يكتب في تغريدة على تويتر|wrote in a tweet|write in a tweet
سجل هدف الفوز|يسجل هدف الفوز|scored the winning goal|score the winning goal
سجل هدفين في الشوط الثاني|يسجل هدفين في الشوط الثاني|scored two goals in the second half|score two goals in the second half
أهدر ركلة جزاء|يهدر ركلة جزاء|missed a penalty|miss a penalty
أحرز الميدالية الذهبية|يحرز الميدالية الذهبية|won the gold medal|win the gold medal
حطم الرقم القياسي العالمي|يحطم الرقم القياسي العالمي|broke the world record|break the world record
تأهل إلى المباراة النهائية|يتأهل إلى المباراة النهائية|qualified for the final|qualify for the final
بلغ الدور نصف النهائي|يبلغ الدور نصف النهائي|reached the semi-finals|reach the semi-finals
ودع البطولة مبكرا|يودع البطولة مبكرا|was knocked out of the tournament early|be knocked out of the tournament early
حافظ على صدارة الترتيب|يحافظ على صدارة الترتيب|stayed at the top of the table|stay at the top of the table
غاب عن المباراة بسبب الإصابة|يغيب عن المباراة بسبب الإصابة|missed the match through injury|miss the match through injury
تعرض لإصابة في الركبة|يتعرض لإصابة في الركبة|suffered a knee injury|suffer a knee injury
خضع لعملية جراحية|يخضع لعملية جراحية|underwent surgery|undergo surgery
تعافى من المرض|يتعافى من المرض|recovered from the illness|recover from the illness
توفي عن عمر يناهز 87 عاما|يتوفى قبل نهاية العام|died at the age of 87|die before the end of the year
حصل على جائزة أفضل ممثل|يحصل على جائزة أفضل ممثل|won the best actor award|win the best actor award
أخرج فيلما عن الحرب|يخرج فيلما عن الحرب|directed a film about the war|direct a film about the war
أصدر ألبوما جديدا|يصدر ألبوما جديدا|released a new album|release a new album
كتب رواية عن طفولت~|يكتب رواية عن طفولت~|wrote a novel about ~ childhood|write a novel about ~ childhood
قضى ليلت~ في المستشفى|يقضي ليلت~ في المستشفى|spent the night in hospital|spend the night in hospital
عاش سنوات طويلة في المنفى|يعيش سنوات طويلة في المنفى|lived for many years in exile|live for many years in exile
عاد إلى منزل~|يعود إلى منزل~|returned home|return home
غادر البلاد سرا|يغادر البلاد سرا|left the country secretly|leave the country secretly
طلب اللجوء في ألمانيا|يطلب اللجوء في ألمانيا|sought asylum in Germany|seek asylum in Germany
عبر الحدود بطريقة غير قانونية|يعبر الحدود بطريقة غير قانونية|crossed the border illegally|cross the border illegally
فقد السيطرة على السيارة|يفقد السيطرة على السيارة|lost control of the car|lose control of the car
شاهد الحادث من نافذة منزل~|يشاهد الحادث من نافذة منزل~|saw the accident from the window of ~ house|see the accident from the window of ~ house
طلب المساعدة من الجيران|يطلب المساعدة من الجيران|asked the neighbors for help|ask the neighbors for help
أنقذ طفلين من الغرق|ينقذ طفلين من الغرق|saved two children from drowning|save two children from drowning
تبرع بالمبلغ لجمعية خيرية|يتبرع بالمبلغ لجمعية خيرية|donated the money to charity|donate the money to charity
واصل جهود~ لحل الأزمة|يواصل جهود~ لحل الأزمة|continued ~ efforts to resolve the crisis|continue ~ efforts to resolve the crisis
سعى إلى تعزيز العلاقات مع بكين|يسعى إلى تعزيز العلاقات مع بكين|sought to strengthen ties with Beijing|seek to strengthen ties with Beijing
حاول إقناع النواب بدعم الخطة|يحاول إقناع النواب بدعم الخطة|tried to persuade lawmakers to back the plan|try to persuade lawmakers to back the plan
تجاهل التحذيرات المتكررة|يتجاهل التحذيرات المتكررة|ignored repeated warnings|ignore repeated warnings
اعترف بوجود أخطاء|يعترف بوجود أخطاء|admitted that there were mistakes|admit that there were mistakes
استخدم حق النقض ضد مشروع القرار|يستخدم حق النقض ضد مشروع القرار|vetoed the draft resolution|veto the draft resolution
صوت لصالح القرار|يصوت لصالح القرار|voted in favor of the resolution|vote in favor of the resolution
صوت ضد الاقتراح|يصوت ضد الاقتراح|voted against the proposal|vote against the proposal
امتنع عن التصويت|يمتنع عن التصويت|abstained from voting|abstain from voting
أحال القضية إلى المحكمة الجنائية|يحيل القضية إلى المحكمة الجنائية|referred the case to the criminal court|refer the case to the criminal court
برأ المتهم من جميع التهم|يبرئ المتهم من جميع التهم|acquitted the defendant of all charges|acquit the defendant of all charges
ساعد في جهود الإغاثة|يساعد في جهود الإغاثة|helped with the relief efforts|help with the relief efforts
أرسل مساعدات غذائية وطبية|يرسل مساعدات غذائية وطبية|sent food and medical aid|send food and medical aid
أوقف العمل في المصنع|يوقف العمل في المصنع|halted work at the factory|halt work at the factory
استثمر في التكنولوجيا الجديدة|يستثمر في التكنولوجيا الجديدة|invested in new technology|invest in new technology
طور لقاحا ضد الفيروس|يطور لقاحا ضد الفيروس|developed a vaccine against the virus|develop a vaccine against the virus
اكتشف نوعا جديدا من الأسماك|يكتشف نوعا جديدا من الأسماك|discovered a new species of fish|discover a new species of fish
درس الطب في الجامعة|يدرس الطب في الجامعة|studied medicine at university|study medicine at university
عمل مدرسا في قريت~|يعمل مدرسا في قريت~|worked as a teacher in ~ village|work as a teacher in ~ village
فاجأ الجمهور بأدائ~|يفاجئ الجمهور بأدائ~|surprised the audience with ~ performance|surprise the audience with ~ performance
قاد الفريق إلى الفوز|يقود الفريق إلى الفوز|led the team to victory|lead the team to victory
واجه انتقادات حادة|يواجه انتقادات حادة|faced sharp criticism|face sharp criticism
تلقى تهديدات بالقتل|يتلقى تهديدات بالقتل|received death threats|receive death threats
خرج من السجن بكفالة|يخرج من السجن بكفالة|was released from prison on bail|be released from prison on bail
ارتكب جرائم حرب|يرتكب جرائم حرب|committed war crimes|commit war crimes
استبعد أي تدخل عسكري|يستبعد أي تدخل عسكري|ruled out any military intervention|rule out any military intervention
ألمح إلى إمكانية التوصل إلى حل وسط|يلمح إلى إمكانية التوصل إلى حل وسط|hinted at the possibility of a compromise|hint at the possibility of a compromise
طمأن المستثمرين|يطمئن المستثمرين|reassured investors|reassure investors
جمد أصول الشركة|يجمد أصول الشركة|froze the company's assets|freeze the company's assets
ألغى آلاف الرحلات الجوية|يلغي آلاف الرحلات الجوية|canceled thousands of flights|cancel thousands of flights
أخلى المبنى المجاور|يخلي المبنى المجاور|evacuated the neighboring building|evacuate the neighboring building
قطع الكهرباء عن مئات المنازل|يقطع الكهرباء عن مئات المنازل|cut power to hundreds of homes|cut power to hundreds of homes
عين مديرا جديدا|يعين مديرا جديدا|appointed a new director|appoint a new director
أقال مدير المخابرات|يقيل مدير المخابرات|dismissed the intelligence chief|dismiss the intelligence chief
رشح امرأة لرئاسة الحكومة|يرشح امرأة لرئاسة الحكومة|nominated a woman to head the government|nominate a woman to head the government
كسر صمت~|يكسر صمت~|broke ~ silence|break ~ silence
شكك في صحة التقرير|يشكك في صحة التقرير|questioned the accuracy of the report|question the accuracy of the report
قلل من أهمية الخلاف|يقلل من أهمية الخلاف|played down the dispute|play down the dispute
بدا واثقا من الفوز|يبدو واثقا من الفوز|seemed confident of winning|seem confident of winning
ترك عائلت~ في القرية|يترك عائلت~ في القرية|left ~ family in the village|leave ~ family in the village
اختفى في ظروف غامضة|يختفي في ظروف غامضة|disappeared in mysterious circumstances|disappear in mysterious circumstances
هرب من السجن|يهرب من السجن|escaped from prison|escape from prison
سرق مجوهرات ثمينة|يسرق مجوهرات ثمينة|stole valuable jewelry|steal valuable jewelry
أطلق النار على المارة|يطلق النار على المارة|opened fire on passers-by|open fire on passers-by
فجر نفس~ وسط الحشد|يفجر نفس~ وسط الحشد|blew himself up in the crowd|blow himself up in the crowd
نجا من محاولة اغتيال|ينجو من محاولة اغتيال|survived an assassination attempt|survive an assassination attempt
وصف الوضع بأنه كارثي|يصف الوضع بأنه كارثي|described the situation as catastrophic|describe the situation as catastrophic
وصف الهجوم بأنه عمل إرهابي|يصف الهجوم بأنه عمل إرهابي|described the attack as an act of terrorism|describe the attack as an act of terrorism
أشاد بشجاعة رجال الإطفاء|يشيد بشجاعة رجال الإطفاء|praised the courage of the firefighters|praise the courage of the firefighters
شكر الجمهور على دعم~|يشكر الجمهور على دعم~|thanked the public for ~ support|thank the public for ~ support
ندد بالعنف ضد الصحافيين|يندد بالعنف ضد الصحافيين|condemned violence against journalists|condemn violence against journalists
حث المواطنين على البقاء في منازلهم|يحث المواطنين على البقاء في منازلهم|urged citizens to stay at home|urge citizens to stay at home
طالب بمحاسبة المسؤولين|يطالب بمحاسبة المسؤولين|demanded that those responsible be held to account|demand that those responsible be held to account
ضغط من أجل تغيير القانون|يضغط من أجل تغيير القانون|pushed for a change in the law|push for a change in the law
انضم إلى الاتحاد الأوروبي|ينضم إلى الاتحاد الأوروبي|joined the European Union|join the European Union
خرج من الاتحاد الأوروبي|يخرج من الاتحاد الأوروبي|left the European Union|leave the European Union
مدد ولاية البعثة|يمدد ولاية البعثة|extended the mission's mandate|extend the mission's mandate
احتفل بعيد ميلاد~|يحتفل بعيد ميلاد~|celebrated ~ birthday|celebrate ~ birthday
تزوج في حفل صغير|يتزوج في حفل صغير|got married in a small ceremony|get married in a small ceremony
بكى أثناء المقابلة|يبكي أثناء المقابلة|cried during the interview|cry during the interview
قرأ رسالة من والدت~|يقرأ رسالة من والدت~|read a letter from ~ mother|read a letter from ~ mother
دفع غرامة كبيرة|يدفع غرامة كبيرة|paid a large fine|pay a large fine
استغل ثغرة في القانون|يستغل ثغرة في القانون|exploited a loophole in the law|exploit a loophole in the law
راقب حركة السفن في البحر الأحمر|يراقب حركة السفن في البحر الأحمر|monitored shipping in the Red Sea|monitor shipping in the Red Sea
صادر كمية كبيرة من المخدرات|يصادر كمية كبيرة من المخدرات|seized a large quantity of drugs|seize a large quantity of drugs
أحبط هجوما إرهابيا|يحبط هجوما إرهابيا|foiled a terrorist attack|foil a terrorist attack
فكك شبكة لتهريب المهاجرين|يفكك شبكة لتهريب المهاجرين|broke up a migrant-smuggling network|break up a migrant-smuggling network
""")

# What events and things do: subject | gender | past masculine or feminine to agree | English subject | English verb phrase
HAPPENINGS = table("""
الزلزال|m|ضرب جنوب البلاد|the earthquake|struck the south of the country
العاصفة|f|تسببت في أضرار جسيمة|the storm|caused severe damage
الأمطار الغزيرة|f|أدت إلى فيضانات واسعة|heavy rain|led to widespread flooding
الحريق|m|اندلع في الطابق الثالث|the fire|broke out on the third floor
النيران|f|التهمت آلاف الهكتارات من الغابات|the flames|devoured thousands of hectares of forest
الانفجار|m|هز وسط العاصمة|the explosion|shook the center of the capital
الاشتباكات|f|تجددت قرب الحدود|the clashes|resumed near the border
المحادثات|f|انهارت بعد ساعات|the talks|collapsed after a few hours
المفاوضات|f|وصلت إلى طريق مسدود|the negotiations|reached a dead end
الاتفاق|m|دخل حيز التنفيذ|the agreement|came into effect
القانون الجديد|m|أثار احتجاجات واسعة|the new law|sparked widespread protests
الاحتجاجات|f|تحولت إلى أعمال عنف|the protests|turned violent
المتظاهرون|m|تجمعوا أمام مبنى البرلمان|demonstrators|gathered outside the parliament building
الناخبون|m|توجهوا إلى صناديق الاقتراع|voters|went to the polls
السكان|m|فروا من منازلهم|residents|fled their homes
الضحايا|m|نقلوا إلى مستشفى قريب|the victims|were taken to a nearby hospital
رجال الإطفاء|m|تمكنوا من السيطرة على الحريق|firefighters|managed to bring the fire under control
فرق الإنقاذ|f|انتشلت جثتين من تحت الأنقاض|rescue teams|pulled two bodies from the rubble
قوات الأمن|f|استخدمت الغاز المسيل للدموع لتفريق المحتجين|security forces|used tear gas to disperse protesters
الشرطة|f|طوقت المكان|police|cordoned off the area
المحققون|m|لم يحددوا بعد سبب الحادث|investigators|have not yet determined the cause of the accident
أسعار النفط|f|ارتفعت إلى أعلى مستوى منذ عام|oil prices|rose to their highest level in a year
أسعار الذهب|f|سجلت مستوى قياسيا جديدا|gold prices|hit a new record
الأسهم الأوروبية|f|أغلقت على انخفاض|European shares|closed lower
البورصة|f|فتحت على ارتفاع طفيف|the stock market|opened slightly higher
الليرة|f|هبطت إلى أدنى مستوى لها على الإطلاق|the lira|fell to its lowest level ever
الدولار|m|تراجع أمام اليورو|the dollar|fell against the euro
معدل البطالة|m|انخفض إلى أدنى مستوى منذ عقد|the unemployment rate|fell to its lowest level in a decade
التضخم|m|تجاوز التوقعات|inflation|exceeded expectations
الاقتصاد|m|انكمش في الربع الثالث|the economy|contracted in the third quarter
الأرباح|f|تضاعفت مقارنة بالعام الماضي|profits|doubled compared with last year
المبيعات|f|تراجعت بشكل حاد|sales|fell sharply
الطائرة|f|تحطمت بعد دقائق من إقلاعها|the plane|crashed minutes after takeoff
القطار|m|خرج عن القضبان|the train|went off the rails
الحافلة|f|اصطدمت بشاحنة على الطريق السريع|the bus|collided with a truck on the highway
القارب|m|انقلب قبالة الساحل الليبي|the boat|capsized off the Libyan coast
السفينة|f|تعرضت لهجوم في البحر الأحمر|the ship|came under attack in the Red Sea
الفيروس|m|انتشر بسرعة في أنحاء أوروبا|the virus|spread quickly across Europe
المرض|m|أودى بحياة المئات|the disease|killed hundreds
اللقاح|m|أثبت فعاليته في التجارب|the vaccine|proved effective in trials
المرضى|m|ينتظرون أشهرا للحصول على موعد|patients|wait months for an appointment
الفيلم|m|تصدر شباك التذاكر|the film|topped the box office
المسلسل|m|حقق نجاحا كبيرا|the series|was a great success
المعرض|m|استقطب آلاف الزوار|the exhibition|attracted thousands of visitors
المباراة|f|انتهت بالتعادل السلبي|the match|ended in a goalless draw
الفريق|m|خسر ثلاث مباريات متتالية|the team|lost three matches in a row
المنتخب|m|ضمن التأهل إلى كأس العالم|the national team|secured qualification for the World Cup
المدرب|m|انتقد أداء اللاعبين|the coach|criticized the players' performance
الجمهور|m|صفق طويلا بعد العرض|the audience|applauded for a long time after the show
الدراسة|f|أظهرت أن التدخين يزيد خطر الإصابة بالسرطان|the study|showed that smoking increases the risk of cancer
العلماء|m|يعتقدون أن الحيوان انقرض قبل ملايين السنين|scientists|believe that the animal became extinct millions of years ago
درجات الحرارة|f|تجاوزت 40 درجة مئوية|temperatures|exceeded 40 degrees Celsius
الثلوج|f|قطعت الطرق المؤدية إلى القرى الجبلية|snow|cut off the roads to the mountain villages
الجفاف|m|يهدد ملايين البشر بالمجاعة|the drought|threatens millions of people with famine
المساعدات|f|لم تصل إلى المحتاجين|the aid|did not reach those in need
اللاجئون|m|يعيشون في ظروف قاسية|refugees|live in harsh conditions
الهجوم|m|أسفر عن مقتل عشرات المدنيين|the attack|killed dozens of civilians
القصف|m|استهدف محطة للكهرباء|the shelling|targeted a power station
المحكمة|f|أجلت النطق بالحكم|the court|postponed its verdict
هيئة المحلفين|f|لم تتوصل إلى قرار|the jury|did not reach a decision
المتهم|m|دفع ببراءته|the defendant|pleaded not guilty
الشركات الصغيرة|f|تضررت بشدة من الأزمة|small businesses|were hit hard by the crisis
الموظفون|m|أضربوا عن العمل احتجاجا على تدني الأجور|employees|went on strike over low wages
المدارس|f|أغلقت أبوابها حتى إشعار آخر|schools|closed their doors until further notice
الطلاب|m|عادوا إلى مقاعد الدراسة|students|returned to their classrooms
الحكومة|f|تواجه ضغوطا متزايدة|the government|is facing growing pressure
الصور|f|أظهرت دمارا واسعا|the pictures|showed widespread destruction
التقارير|f|تشير إلى سقوط قتلى وجرحى|reports|point to dead and wounded
السوق|f|استعادت هدوءها|the market|regained its calm
الخطوة|f|تهدف إلى خفض التكاليف|the move|aims to cut costs
المشروع|m|سيوفر آلاف فرص العمل|the project|will provide thousands of jobs
الحملة|f|تركز على الشباب|the campaign|focuses on young people
القرار|m|جاء بعد أسابيع من النقاش|the decision|came after weeks of debate
الزيارة|f|تأتي في وقت حساس|the visit|comes at a sensitive time
الوضع|m|لا يزال خطيرا|the situation|remains dangerous
المخاوف|f|تتزايد من ركود عالمي|fears|are growing of a global recession
""")

# Free adjuncts | English
ADJUNCTS = table("""
في خطوة غير متوقعة|in an unexpected move
بعد أشهر من المفاوضات|after months of negotiations
بعد أيام من الانتخابات|days after the election
قبل أيام من القمة|days before the summit
في أول زيارة من نوعها|in the first visit of its kind
في مقابلة تلفزيونية|in a television interview
في مقابلة مع هيئة الإذاعة البريطانية|in an interview with the BBC
في تصريحات للصحافيين|in remarks to reporters
في بيان صدر مساء الأربعاء|in a statement issued on Wednesday evening
في رسالة بالبريد الإلكتروني|in an email
عبر حسابه على تويتر|on Twitter
خلال جلسة مغلقة|during a closed session
خلال عطلة نهاية الأسبوع|over the weekend
خلال الأيام القليلة الماضية|over the past few days
خلال السنوات الخمس الماضية|over the past five years
منذ أكثر من عشرة أعوام|for more than ten years
منذ نهاية الحرب العالمية الثانية|since the end of the Second World War
على مدى العقدين الماضيين|over the past two decades
في السنوات الأخيرة|in recent years
في وقت متأخر من ليل الثلاثاء|late on Tuesday night
في ساعة مبكرة من صباح السبت|in the early hours of Saturday morning
بعد منتصف الليل بقليل|shortly after midnight
قبل شروق الشمس|before sunrise
في اليوم التالي|the next day
في الأسبوع الماضي|last week
الأسبوع المقبل|next week
الشهر الماضي|last month
العام المقبل|next year
هذا العام|this year
اليوم|today
أمس|yesterday
غدا|tomorrow
مرة أخرى|again
مرتين على الأقل|at least twice
دون سابق إنذار|without warning
من جانب واحد|unilaterally
بالإجماع|unanimously
بصورة عاجلة|urgently
علنا|publicly
بهدوء|quietly
إلى حد كبير|to a large extent
على نحو متزايد|increasingly
على الأرجح|probably
لأسباب أمنية|for security reasons
لأسباب صحية|for health reasons
لأسباب إنسانية|on humanitarian grounds
لدواع صحية|for health reasons
بسبب سوء الأحوال الجوية|because of bad weather
بسبب الخلافات الداخلية|because of internal disputes
بسبب ارتفاع التكاليف|because of rising costs
نتيجة الضغوط السياسية|as a result of political pressure
احتجاجا على الفساد|in protest against corruption
ردا على الهجوم|in response to the attack
تضامنا مع الضحايا|in solidarity with the victims
بدعم من الولايات المتحدة|with the support of the United States
بالتعاون مع الأمم المتحدة|in cooperation with the United Nations
بموجب القانون الدولي|under international law
وفق شروط الاتفاق|under the terms of the agreement
رغم المعارضة الشعبية|despite popular opposition
رغم التحذيرات|despite the warnings
على الرغم من العقوبات|despite the sanctions
مقابل مبلغ لم يكشف عنه|for an undisclosed sum
في محاولة لإنقاذ الاتفاق|in an attempt to save the deal
في إطار حملة لمكافحة الفساد|as part of an anti-corruption campaign
في ظل تصاعد التوتر|amid rising tension
وسط مخاوف من التصعيد|amid fears of escalation
بحضور عدد كبير من الضيوف|in the presence of a large number of guests
أمام آلاف المتفرجين|in front of thousands of spectators
أمام حشد من أنصاره|before a crowd of supporters
أمام القصر الرئاسي|outside the presidential palace
في قاعة المحكمة|in the courtroom
في ضواحي المدينة|on the outskirts of the city
في المناطق الريفية|in rural areas
على طول الساحل|along the coast
قرب الحدود السورية|near the Syrian border
في جميع أنحاء العالم|around the world
في منطقة الشرق الأوسط|in the Middle East
في أوروبا وأميركا الشمالية|in Europe and North America
على الصعيدين المحلي والدولي|at home and abroad
في المرحلة الأولى من البطولة|in the first stage of the tournament
في الدقيقة الأخيرة من المباراة|in the last minute of the match
للمرة الأولى منذ سبع سنوات|for the first time in seven years
للمرة الثانية خلال أسبوع|for the second time in a week
""")

# masculine holder | feminine holder | English, without a country
ROLES = table("""
الأمين العام للأمم المتحدة|الأمينة العامة للأمم المتحدة|UN Secretary-General
الأمين العام لحلف شمال الأطلسي|الأمينة العامة لحلف شمال الأطلسي|NATO Secretary General
المبعوث الخاص للأمم المتحدة|المبعوثة الخاصة للأمم المتحدة|the UN special envoy
رئيس بلدية المدينة|رئيسة بلدية المدينة|the city's mayor
زعيم المعارضة|زعيمة المعارضة|opposition leader
زعيم حزب العمال|زعيمة حزب العمال|Labour leader
المدعي العام|المدعية العامة|the prosecutor general
قائد الشرطة|قائدة الشرطة|the police chief
المتحدث باسم الشرطة|المتحدثة باسم الشرطة|police spokesperson
المتحدث باسم البيت الأبيض|المتحدثة باسم البيت الأبيض|White House spokesperson
المتحدث باسم وزارة الخارجية|المتحدثة باسم وزارة الخارجية|Foreign Ministry spokesperson
مدير المستشفى|مديرة المستشفى|the hospital's director
مدير الشركة|مديرة الشركة|the company's director
الرئيس التنفيذي للشركة|الرئيسة التنفيذية للشركة|the company's chief executive
المدير التنفيذي للنادي|المديرة التنفيذية للنادي|the club's chief executive
كبير الاقتصاديين في البنك|كبيرة الاقتصاديين في البنك|the bank's chief economist
المحلل السياسي|المحللة السياسية|political analyst
الناشط الحقوقي|الناشطة الحقوقية|human rights activist
أستاذ القانون الدولي|أستاذة القانون الدولي|professor of international law
أستاذ التاريخ في الجامعة|أستاذة التاريخ في الجامعة|professor of history at the university
الصحافي المستقل|الصحافية المستقلة|freelance journalist
المخرج السينمائي|المخرجة السينمائية|film director
المغني الشاب|المغنية الشابة|young singer
حارس المرمى|حارسة المرمى|goalkeeper
المهاجم|المهاجمة|striker
لاعب الوسط|لاعبة الوسط|midfielder
قائد الفريق|قائدة الفريق|team captain
عضو مجلس الشيوخ|عضو مجلس الشيوخ|senator
المرشح الجمهوري|المرشحة الجمهورية|Republican candidate
المرشح الديمقراطي|المرشحة الديمقراطية|Democratic candidate
الرئيس السابق|الرئيسة السابقة|former president
رئيس الوزراء السابق|رئيسة الوزراء السابقة|former prime minister
وزير الخارجية السابق|وزيرة الخارجية السابقة|former foreign minister
القاضي|القاضية|judge
المحقق|المحققة|investigator
ضابط الشرطة|ضابطة الشرطة|police officer
المزارع|المزارعة|farmer
المعلم|المعلمة|teacher
الممرض|الممرضة|nurse
الطالب|الطالبة|student
السائق|السائقة|driver
والد الضحية|والدة الضحية|the victim's parent
أحد السكان|إحدى السكان|a resident
شاهد عيان|شاهدة عيان|eyewitness
عالم المناخ|عالمة المناخ|climate scientist
رائد الفضاء|رائدة الفضاء|astronaut
الفنان|الفنانة|artist
رجل الأعمال|سيدة الأعمال|businessperson
""")

# Arabic | gender | English
MORE_BODIES = table("""
المفوضية الأوروبية|f|the European Commission
البرلمان الأوروبي|m|the European Parliament
البنك المركزي الأوروبي|m|the European Central Bank
مجلس الاحتياطي الفدرالي|m|the Federal Reserve
المحكمة الجنائية الدولية|f|the International Criminal Court
محكمة العدل الدولية|f|the International Court of Justice
الوكالة الدولية للطاقة الذرية|f|the International Atomic Energy Agency
برنامج الأغذية العالمي|m|the World Food Programme
المفوضية السامية لشؤون اللاجئين|f|the UN refugee agency
منظمة الدول المصدرة للنفط|f|OPEC
مجموعة السبع|f|the Group of Seven
مجلس التعاون الخليجي|m|the Gulf Cooperation Council
الاتحاد الدولي لكرة القدم|m|FIFA
اللجنة الأولمبية الدولية|f|the International Olympic Committee
هيئة الأرصاد الجوية|f|the meteorological authority
هيئة الرقابة المالية|f|the financial regulator
الهيئة العامة للإحصاء|f|the statistics authority
مكتب الإحصاءات الوطني|m|the national statistics office
مكتب التحقيقات الفدرالي|m|the FBI
وكالة الاستخبارات المركزية|f|the CIA
وزارة العدل الأميركية|f|the US Justice Department
وزارة الدفاع الأميركية|f|the Pentagon
وزارة الخزانة الأميركية|f|the US Treasury
وكالة الفضاء الأميركية|f|NASA
منظمة هيومن رايتس ووتش|f|Human Rights Watch
منظمة أطباء بلا حدود|f|Doctors Without Borders
المرصد السوري لحقوق الإنسان|m|the Syrian Observatory for Human Rights
الحرس الثوري الإيراني|m|Iran's Revolutionary Guards
الجيش الإسرائيلي|m|the Israeli army
حركة حماس|f|Hamas
حزب الله|m|Hezbollah
تنظيم القاعدة|m|al-Qaeda
تنظيم الدولة الإسلامية|m|the Islamic State group
حركة طالبان|f|the Taliban
حزب العمال|m|the Labour Party
حزب المحافظين|m|the Conservative Party
الحزب الديمقراطي|m|the Democratic Party
الحزب الجمهوري|m|the Republican Party
اتحاد النقابات|m|the trade union federation
غرفة التجارة|f|the chamber of commerce
خفر السواحل|m|the coast guard
شركة غوغل|f|Google
شركة آبل|f|Apple
شركة مايكروسوفت|f|Microsoft
شركة أمازون|f|Amazon
شركة تويوتا|f|Toyota
شركة أرامكو السعودية|f|Saudi Aramco
وكالة رويترز|f|Reuters
وكالة فرانس برس|f|AFP
وكالة أسوشيتد برس|f|the Associated Press
صحيفة نيويورك تايمز|f|The New York Times
صحيفة الغارديان|f|The Guardian
صحيفة وول ستريت جورنال|f|The Wall Street Journal
هيئة الإذاعة البريطانية|f|the BBC
شبكة سي إن إن|f|CNN
قناة الجزيرة|f|Al Jazeera
نادي ريال مدريد|m|Real Madrid
نادي برشلونة|m|Barcelona
نادي ليفربول|m|Liverpool
نادي مانشستر يونايتد|m|Manchester United
نادي الأهلي|m|Al Ahly
نادي الهلال|m|Al-Hilal
الكنيسة الكاثوليكية|f|the Catholic Church
بلدية المدينة|f|the city council
""")

"""Names of people who do not exist, with all that real names bring: rare characters, dots, scripts and length."""

CHINA = "中国 China"
HONG_KONG = "中国香港 Hong Kong, China"
MACAO = "中国澳门 Macao, China"
TAIWAN = "中国台湾 Taiwan, China"

# With gender. Two are called 刘洋, and are two people.
UNUSUAL_MAINLAND = [
    ("王㛃", "female"),
    ("李𬭎", "male"),
    ("张䶮", "male"),
    ("赵镕", "male"),
    ("陈喆", "male"),
    ("孙堃", "male"),
    ("周𬍛", "female"),
    ("吴𫍯", "male"),
    ("郑赟", "male"),
    ("马龑", "male"),
    ("禤㬎", "female"),
    ("仉翀", "male"),
    ("尉迟昫", "male"),
    ("欧阳旖旎", "female"),
    ("司徒砚", "female"),
    ("邢㵘", "female"),
    ("刘洋", "female"),
    ("刘洋", "male"),
    ("于一", "female"),
    ("阿依古丽·买买提", "female"),
    ("努尔艾力·阿卜杜热合曼", "male"),
    ("古丽米热·吾买尔江", "female"),
    ("叶尔江·哈孜别克", "male"),
    ("麦麦提图尔荪·阿卜杜克热木·托合提如则", "male"),
    ("乌云其木格", "female"),
    ("巴图孟和", "male"),
    ("次仁央宗", "female"),
    ("尼玛扎西", "male"),
]

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN_NAMES = {
    "female": [
        "静怡", "雨桐", "晓兰", "思远", "海燕", "若曦", "丽华", "嘉宁", "雪梅", "书瑶", "子涵", "苓", "慧", "玉洁",
        "春霞", "诗琪", "婉清", "秋实", "瑾", "凤琴",
    ],
    "male": [
        "建国", "志强", "浩然", "子墨", "知远", "文博", "海河", "伟", "磊", "景行", "振华", "天佑", "一鸣", "国栋",
        "晓东", "承志", "宇轩", "立新", "鹏飞", "峥",
    ],
}  # fmt: skip

# With gender and region.
COMPATRIOTS = [
    ("陳嘉欣", "female", HONG_KONG),
    ("黃子軒", "male", HONG_KONG),
    ("歐陽詠珊", "female", HONG_KONG),
    ("鄧煒棠", "male", HONG_KONG),
    ("Chan Tai Man Exemplar", "male", HONG_KONG),
    ("馮鎧瑩", "female", HONG_KONG),
    ("麥峻熙", "male", HONG_KONG),
    ("容啟䇹", "male", MACAO),
    ("梁綺雯", "female", MACAO),
    ("João Carlos do Rosário Exemplo", "male", MACAO),
    ("林雅筑", "female", TAIWAN),
    ("蔡承翰", "male", TAIWAN),
    ("游承堃", "male", TAIWAN),
    ("張簡怡君", "female", TAIWAN),
    ("吳宗穎", "male", TAIWAN),
    ("許淑芬", "female", TAIWAN),
    ("Kolas Mayaw Sampel", "male", TAIWAN),
    ("簡妤蓁", "female", TAIWAN),
    ("范姜柏宇", "male", TAIWAN),
    ("盧彥喆", "male", TAIWAN),
]

# With gender and country or region.
OVERSEAS = [
    ("Jürgen Müßiggang", "male", "德国 Germany"),
    ("Wolfgang-Maximilian Freiherr von und zu Hohenlindenberg-Schwarzenfels", "male", "德国 Germany"),
    ("Zoé Lefèvre-Exemple", "female", "法国 France"),
    ("François-Xavier d’Échantillon", "male", "法国 France"),
    (
        "María del Pilar Fernández de Ejemplo y Álvarez de las Muestras-Bohórquez",
        "female",
        "西班牙 Spain",
    ),
    ("Iñigo Núñez Etxeberria", "male", "西班牙 Spain"),
    ("João Gonçalves Simões", "male", "葡萄牙 Portugal"),
    ("Łukasz Przykładowski", "male", "波兰 Poland"),
    ("Kateřina Příkladová", "female", "捷克 Czechia"),
    ("Þórdís Sýnishornsdóttir", "female", "冰岛 Iceland"),
    ("Åsa Öberg", "female", "瑞典 Sweden"),
    ("Çağla Şirin Örnekoğlu", "female", "土耳其 Türkiye"),
    ("Erzsébet Mintaházi", "female", "匈牙利 Hungary"),
    ("Ștefan Exemplărescu", "male", "罗马尼亚 Romania"),
    ("Nguyễn Thị Ví Dụ", "female", "越南 Viet Nam"),
    ("Алёна Примерова", "female", "俄罗斯 Russian Federation"),
    ("Дмитрий Сергеевич Образцов-Щукин", "male", "俄罗斯 Russian Federation"),
    ("Оксана Їжакевич", "female", "乌克兰 Ukraine"),
    ("Ђорђе Узорковић", "male", "塞尔维亚 Serbia"),
    ("Әсел Үлгібекқызы", "female", "哈萨克斯坦 Kazakhstan"),
    ("Бат-Эрдэнэ Жишээ", "male", "蒙古 Mongolia"),
    ("ليلى بنت مثال الأنصاري", "female", "约旦 Jordan"),
    ("عبد الرحمن نموذج المصري", "male", "埃及 Egypt"),
    ("فاطمة الزهراء عيّنة", "female", "摩洛哥 Morocco"),
    ("مهرداد نمونه‌پور", "male", "伊朗 Iran"),
    ("आकाश उदाहरण शर्मा", "male", "印度 India"),
    ("श्रीलक्ष्मी नमूना", "female", "印度 India"),
    ("তানিয়া নমুনা", "female", "孟加拉国 Bangladesh"),
    ("மீனாட்சி எடுத்துக்காட்டு", "female", "斯里兰卡 Sri Lanka"),
    ("見本 はるか", "female", "日本 Japan"),
    ("髙﨑 例一", "male", "日本 Japan"),
    ("サンプル・ミナ", "female", "日本 Japan"),
    ("김예시", "female", "韩国 Republic of Korea"),
    ("남궁보기", "male", "韩国 Republic of Korea"),
    ("พิมพ์พิสุทธิ์ ตัวอย่างประเสริฐศักดิ์", "female", "泰国 Thailand"),
    ("ณัฐวุฒิ แบบอย่าง", "male", "泰国 Thailand"),
    ("Ελένη Παραδείγματος", "female", "希腊 Greece"),
    ("ნინო მაგალითაშვილი", "female", "格鲁吉亚 Georgia"),
    ("Օրինակ Նմուշյան", "male", "亚美尼亚 Armenia"),
    ("ምሳሌ ተስፋዬ", "male", "埃塞俄比亚 Ethiopia"),
    ("Seán Ó Samplach", "male", "爱尔兰 Ireland"),
    ("Contoh", "male", "印度尼西亚 Indonesia"),
    ("Oluwaseun Àpẹẹrẹ", "male", "尼日利亚 Nigeria"),
    ("Don Mahawattage Kankanamalage Nidarsana Priyantha Exemplasinghe", "male", "斯里兰卡 Sri Lanka"),
    ("Mary-Jane O'Sample", "female", "美国 United States"),
    ("Ngaio Tauira-Smith", "female", "新西兰 New Zealand"),
]

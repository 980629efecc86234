"""Tables of name parts, written by hand: only what is safe to take for the same in news."""

from __future__ import annotations

# Never part of a name's key; titles that can be names or firms ("General Motors") are not here.
HONORIFICS = frozenset(
    """
    mr mrs ms miss mx messrs dr prof professor sir dame herr frau monsieur madame mme mlle señor
    señora srta sra senor senora hon
    """.split()
)
MALE_HONORIFICS = frozenset("mr sir herr monsieur senor lord king prince pope father brother".split())
FEMALE_HONORIFICS = frozenset(
    "mrs ms miss dame frau madame mme mlle senora srta sra lady queen princess sister".split()
)
# After these a given name stands alone: "Prince Harry", "Sir Keir".
GIVEN_HONORIFICS = frozenset(
    """
    sir dame prince princess king queen pope sheikh sheik sultan emperor empress father brother
    sister saint st lord lady crown
    """.split()
)
SUFFIXES = {
    "jr": "jr",
    "junior": "jr",
    "sr": "sr",
    "senior": "sr",
    "ii": "ii",
    "iii": "iii",
    "iv": "iv",
    "v": "v",
    "phd": "",
    "md": "",
    "esq": "",
    "qc": "",
    "kc": "",
    "mp": "",
    "obe": "",
    "cbe": "",
    "mbe": "",
}
PARTICLES = frozenset(
    """
    van von der den de del della di da dos das du la le las los bin bint al el ben ibn ter ten zu
    zur st mac ould abu
    """.split()
)
CHINESE_FAMILIES = frozenset(
    """
    ai an bai ban bao bi bian bo cai cao cen chai chang chao che chen cheng chi chu cui dai deng
    ding dong dou du duan fan fang fei feng fu gan gao ge geng gong gu guan guo hai han hao he hong
    hou hu hua huang hui huo ji jia jian jiang jiao jin jing ju kang ke kong kuang lai lan lang lei
    li lian liang liao lin ling liu long lou lu luan luo lv ma mao mei meng mi miao min mo mu na ni
    nie ning niu ou ouyang pan pang pei peng pi ping pu qi qian qiang qiao qin qiu qu quan ran rao
    ren rong ruan rui sha shan shang shao shen sheng shi shu song su sui sun tan tang tao teng tian
    tie tong tu wan wang wei wen weng wu xi xia xiang xiao xie xin xing xiong xu xuan xue yan yang
    yao ye yi yin ying you yu yuan yue yun zang zeng zha zhai zhan zhang zhao zhen zheng zhong zhou
    zhu zhuang zhuge zhuo zong zou zu zuo sima situ
    """.split()
)
KOREAN_FAMILIES = frozenset(
    """
    kim lee yi park choi jung jeong chung kang cho jo yoon yun jang lim im han oh seo shin sin kwon
    hwang ahn an song ryu yoo hong jeon ko go moon son bae baek heo hur nam noh roh shim ha kwak
    sung cha joo woo koo min jin ji eom chae won cheon bang gong kong hyun ham yeom choo do so seok
    sun ban tsai lai goh wong tan chan ng ong chua
    """.split()
)
VIETNAMESE_FAMILIES = frozenset(
    "nguyen tran pham hoang huynh phan vu vo dang bui duong ngo ly truong dinh".split()
)


def _spellings(groups: list[str]) -> dict[str, str]:
    """Each spelling to the first of its group."""
    return {word: group.split()[0] for group in groups for word in group.split()}


SPELLINGS = _spellings(
    """
    sergei sergey serguei sergej; alexei alexey aleksei aleksey alexej; dmitry dmitri dmitriy
    dmitrii; andrei andrey andrej; nikolai nikolay nikolaj; yuri yury yuriy iouri; vitaly vitali
    vitaliy vitalii; vasily vasili vasiliy; anatoly anatoli anatoliy; valery valeri valeriy; gennady
    gennadi gennadiy; evgeny yevgeny evgeni yevgeni yevgeniy; arkady arkadi arkadiy; grigory
    grigori; georgy georgi georgiy; alexander aleksandr alexandr aleksander oleksandr alexandre;
    volodymyr wolodymyr; ekaterina yekaterina; elena yelena; natalia natalya natalija; tatiana
    tatyana; yulia yuliya julija; ksenia xenia; mohammed muhammad mohamed mohammad muhammed mohamad
    mohamet; ahmed ahmad; abdullah abdallah; youssef yusuf yousef; hussein hussain husayn; hassan
    hasan; moammar muammar moamer; osama usama; ayman aiman; khaled khalid; rafael raphael;
    katherine catherine kathryn catharine; stephen steven stephan; geoffrey jeffrey; isabel
    isabelle; sara sarah; mikhail mikhael mihail; viktor victor; petro pyotr; serhiy serhii; mykola
    mikola; andriy andrii; dmytro dmitro
    """.split(";")
)


def _nicknames(lines: list[str]) -> dict[str, frozenset[str]]:
    """Each name to the full names that it can stand for (the first of each line)."""
    table: dict[str, set[str]] = {}
    for line in lines:
        words = line.split()
        for word in words:
            table.setdefault(word, set()).add(words[0])
    return {word: frozenset(full) for word, full in table.items()}


NICKNAMES = _nicknames(
    """
    joseph joe joey; william bill billy will willie liam; robert bob bobby rob robbie bert; richard
    rick dick ricky rich; james jim jimmy jamie; john jack johnny jon; jonathan jon johnny; michael
    mike mick mickey; thomas tom tommy; charles charlie chuck; edward ed eddie ted ned; theodore ted
    teddy theo; daniel dan danny; david dave davey; donald don donnie; anthony tony; antony tony;
    andrew andy drew; matthew matt; christopher chris kit; christina chris christy tina; christine
    chris chrissy; nicholas nick nicky; alexander alex sandy sasha al; alexandra alex sandra;
    alexandria alex; benjamin ben benny; samuel sam sammy; samantha sam; gregory greg; stephen steve
    stevie; kenneth ken kenny; ronald ron ronnie; timothy tim timmy; lawrence larry; laurence larry;
    gerald gerry jerry; jerome jerry; jeremy jerry; patrick pat paddy; patricia pat patty tricia
    trish; peter pete; philip phil; phillip phil; raymond ray; walter walt wally; frederick fred
    freddie; franklin frank; francis frank; arthur art; albert al bert; alan al; alfred al alfie
    fred; leonard len lenny leo; eugene gene; douglas doug; geoffrey geoff jeff; bernard bernie;
    vincent vince; zachary zach zack; joshua josh; jacob jake; nathan nate; nathaniel nate nat;
    elizabeth liz lizzie beth betty eliza bess libby; margaret maggie meg peggy; katherine kate
    kathy katie kathie; deborah debbie deb; susan sue susie; jennifer jen jenny; jessica jess
    jessie; rebecca becky becca; barbara barb barbie; kimberly kim; victoria vicky tori; catherine
    kate cathy katie; judith judy; dorothy dot dottie; virginia ginny; pamela pam; cynthia cindy;
    jacqueline jackie; madeline maddie; abigail abby; amanda mandy; angela angie; theresa terry
    tess; terrence terry; terence terry; marjorie marge; valerie val; vladimir volodya vova; mikhail
    misha; alberto beto; francisco paco pancho; jose pepe; enrique kike quique; manuel manolo;
    ignacio nacho; maximilian max; johannes hans; friedrich fritz; wolfgang wolf; augustus gus;
    bradley brad; clinton clint; curtis curt; dennis denny; leslie les; martin marty; mitchell
    mitch; norman norm; oliver ollie; russell russ; stanley stan; stuart stu; victor vic; rudolph
    rudy; rudolf rudy; salvatore sal; solomon sol; gabriel gabe; isaac ike
    """.split(";")
)

_FEMALE = """
    mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra
    margaret ashley kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca
    laura sharon cynthia kathleen amy angela shirley anna brenda pamela emma nicole helen samantha
    katherine christine debra rachel carolyn janet maria catherine heather diane olivia julie joyce
    victoria ruth virginia lauren kelly christina joan evelyn judith andrea hannah megan cheryl
    jacqueline martha gloria teresa ann anne sara madison frances kathryn janice jean abigail alice
    julia judy sophia grace denise amber doris marilyn danielle beverly isabella theresa diana
    natalie brittany charlotte marie kayla alexis lori hillary melania ivanka ursula nicola jacinda
    marise nanaia jill kamala chelsea camilla kate meghan giorgia sanna mette ingrid astrid claudia
    sabine monika petra heike annalena sahra marine segolene brigitte valerie isabel carmen pilar
    ana lucia cristina dolores rosa elena irina olga svetlana tatiana natalia yulia ekaterina oksana
    fatima aisha leila indira sonia benazir aung priyanka gina priti liz betsy sue rosie tracy jenna
    jane lucy zoe molly ellen clare claire fiona gillian heidi holly jodie josie louise lynn maggie
    maureen nina paula penny sally sheila sylvia tina vanessa wendy yvonne zara
"""
_MALE = """
    james robert john michael david william richard joseph thomas charles christopher daniel matthew
    anthony mark donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward
    jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin
    samuel gregory frank alexander raymond patrick jack dennis jerry tyler aaron jose adam nathan
    henry douglas zachary peter kyle walter ethan jeremy harold keith christian roger noah gerald
    carl terry sean austin arthur lawrence jesse dylan bryan joe jordan billy bruce albert willie
    gabriel logan alan juan wayne roy ralph randy eugene vincent russell elijah louis bobby philip
    johnny barack bill antony tony boris vladimir sergei dmitry alexei nikolai yuri mikhail viktor
    igor oleg andrei emmanuel francois nicolas jacques pierre olaf helmut gerhard wolfgang hans jens
    klaus jorge pedro luis carlos miguel fernando alberto mario silvio matteo giuseppe luca marco
    jair luiz narendra imran recep bashar hassan mohammed ahmed ali ehud yitzhak shimon xavier
    gordon rishi keir nigel ed nick jeff mike mitt newt ted bernie mitch chuck pete rex jim tim tom
    ben sam dan matt greg doug phil ray
"""
GENDER = {**dict.fromkeys(_MALE.split(), "m"), **dict.fromkeys(_FEMALE.split(), "f")}

LEGAL_FORMS = frozenset(
    """
    inc incorporated corp corporation co company cos ltd limited plc llc llp lp ag gmbh sa sas sarl
    nv bv spa srl se kg kgaa ab as asa oy oyj pty pte bhd kk sab cv lda ohg ev
    """.split()
)
# What a short form leaves out and remains the same body: "Tullow Oil", "Tullow".
DESCRIPTORS = frozenset(
    """
    technologies technology tech systems software networks electronics semiconductor semiconductors
    industries industrial international global worldwide holdings holding group enterprises partners
    associates ventures brands stores oil petroleum energy gas power electric mining resources
    minerals steel metals chemicals chemical materials motors motor automotive automobile cars
    airlines airways air aviation aerospace aircraft railways shipping lines bank banking financial
    finance insurance assurance capital securities investments asset management trust
    pharmaceuticals pharmaceutical pharma laboratories labs health healthcare medical therapeutics
    biotech communications brothers sons research telecom telecommunications
    telecoms wireless mobile media entertainment broadcasting pictures studios records publishing
    press foods food beverages brewing brewery breweries restaurants hotels resorts university
    college institute institution academy school hospital clinic center centre foundation fund
    society association federation union league alliance council committee commission agency
    authority administration service bureau office department ministry corps party movement
    coalition front festival awards prize museum gallery fc cf afc sc club rovers wanderers albion
    athletic rangers stadium arena theatre theater cathedral newspaper magazine news tv television
    radio network
    """.split()
)
PLACE_DESCRIPTORS = frozenset(
    """
    province region autonomous prefecture district county state city town village island islands
    peninsula municipality governorate oblast republic territory zhuang uyghur uygur hui canton
    department parish borough metropolitan area
    """.split()
)
SMALL_WORDS = frozenset(
    """
    of the and for in on to a an at by de la le des du et der die das und für y e del las los &
    """.split()
)


def _short_forms() -> dict[str, frozenset[str]]:
    """Each full given name to its short forms, to find "Joe" among those who are called Joseph."""
    table: dict[str, set[str]] = {}
    for short, fulls in NICKNAMES.items():
        for full in fulls:
            table.setdefault(full, set()).add(short)
    return {full: frozenset(shorts) for full, shorts in table.items()}


SHORT_FORMS = _short_forms()

# Whose these words are, where no country's table says it: the key of the party or place.
HOMES = {
    word: home
    for home, words in {
        "republican party": "republican republicans gop",
        "democratic party": "democrat democrats",
        "conservative party": "tory tories",
        "liberal democrats": "lib_dem lib_dems",
        "england": "english englishman englishmen",
        "scotland": "scottish scots scot scotsman",
        "wales": "welsh welshman welshmen",
        "northern ireland": "northern_irish",
        "europe": "european europeans",
        "africa": "african africans",
        "asia": "asian asians",
        "latin america": "latin_american latin_americans",
        "soviet union": "soviet soviets",
        "catalonia": "catalan catalans",
        "chechnya": "chechen chechens",
        "crimea": "crimean crimeans",
        "tibet": "tibetan tibetans",
        "kosovo": "kosovar kosovars",
        "texas": "texan texans",
        "california": "californian californians",
    }.items()
    for word in (part.replace("_", " ") for part in words.split())
}
# States of the United States as agencies abbreviate them; the postal codes are common words.
STATES = {
    "ala": "alabama", "ariz": "arizona", "ark": "arkansas", "calif": "california", "colo": "colorado",
    "conn": "connecticut", "del": "delaware", "fla": "florida", "ga": "georgia", "ill": "illinois",
    "ind": "indiana", "kan": "kansas", "ky": "kentucky", "md": "maryland", "mass": "massachusetts",
    "mich": "michigan", "minn": "minnesota", "miss": "mississippi", "mo": "missouri", "mont": "montana",
    "neb": "nebraska", "nev": "nevada", "nh": "new hampshire", "nj": "new jersey", "nm": "new mexico",
    "nc": "north carolina", "nd": "north dakota", "okla": "oklahoma", "ore": "oregon", "pa": "pennsylvania",
    "ri": "rhode island", "sc": "south carolina", "sd": "south dakota", "tenn": "tennessee",
    "tex": "texas", "vt": "vermont", "va": "virginia", "wash": "washington state", "wva": "west virginia",
    "wis": "wisconsin", "wyo": "wyoming",
}  # fmt: skip
# What a firm's own name may leave out even where the short form is known: "Huawei Technologies".
SAME_FIRM = frozenset(
    """
    technologies technology systems industries international global worldwide holdings holding group
    oil petroleum motors motor airlines airways pharmaceuticals party football fc cf afc sc club
    telecommunications
    """.split()
)

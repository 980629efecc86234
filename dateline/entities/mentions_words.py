"""Tables of words for finding names, by hand: what introduces a name, what is none, what stands inside."""

from __future__ import annotations

# Capitals that are no names by themselves: abbreviations, days, words of layout.
NOT_NAMES = frozenset(
    """
    AI S-1 Internet COVID-19 Covid-19 COVID Covid Coronavirus coronavirus Monday Tuesday Wednesday
    Thursday Friday Saturday Sunday GMT EST EDT ET BST CET PST UTC CEO CFO GDP CPI PMI IPO ETF EBITDA
    VAT PPE PCR DNA RNA HIV AIDS SARS MERS LGBT LGBTQ TV DVD PM MP MPs PhD ID FAQ Q1 Q2 Q3 Q4 UPDATE
    FACTBOX PREVIEW BRIEF WRAP EXCLUSIVE ANALYSIS ADVISORY BREAKING Extras Total Scorers Standings
    Results Fixtures Note OT ODI T20 T20I Twenty20 MVP KO TKO Email Eikon Web God Mom Dad Mum World
    Earth Sun Quarter Dr Mr Mrs Ms Soccer Tennis Golf Cricket Rugby Boxing Cycling Athletics Swimming
    Basketball Baseball Football Biathlon Alpine Nordic Olympics Parliament Cabinet Government State
    Federal National Foreign Central North South East West Northern Southern Eastern Western
    """.split()
)

# Common nouns that a capital does not make a name: "Court orders Shell to pay", "Council president".
GENERIC = frozenset(
    """
    Agency Council Court Army Interior Ministry Police Government Bank Party Commission Committee
    University Hospital Department School College Company Board Church Office Club Union League Group
    Fund House Lower Upper Chamber Assembly Embassy Team Minister Ministers President Prime Street
    Authority Foundation Association Force Guard Security City Town State County District Province
    Region Village River Island Airport Stadium Park Square Road Centre Center Lawmakers Officials
    Prosecutors Officers Doctors Experts Analysts Investors Traders Scientists Researchers Protesters
    Residents Voters Farmers Students Workers Soldiers Troops Rebels Militants Gunmen Firefighters
    Shares Stocks Oil Gold
    """.split()
)

# Small words that stand inside a name.
INNER = frozenset(
    """
    van von der den del della dos das bin ibn the for des les aux und mit sur pour con sul dei degli
    till ten ter och ind upon with against without from into over under among between
    """.split()
)

# Words that a headline writes small or that say nothing when it does not.
SMALL = frozenset(
    """
    a an the and or but nor for of in on at to by from with as after before over under into onto off out
    up down amid against about between during since until than then that this these those is are was
    were be been has have had will would could should may might can not no its his her their our your my
    it he she they we who what when where why how more less most new says say said via per vs v
    """.split()
)

# Words that headlines capitalise and that are no names; used where the body does not decide.
HEADLINE = frozenset(
    """
    wins win beats beat urges urge warns warn calls call seeks seek faces face hits hit rises rise falls
    fall talks deal vote votes election poll court judge police killed dead dies death attack crash fire
    storm quake virus vaccine coronavirus pandemic lockdown case cases record government minister
    president prime leader opposition party parliament lawmakers protest protests protesters sanctions
    trade tariffs oil gas shares stocks market markets bank profit loss sales quarter first second third
    last next top key big best worst early late live update exclusive analysis factbox preview roundup
    summary breaking review interview opinion report reports sees set gets get makes make takes take
    gives give goes go back home away final title world cup season team coach players player match game
    games goal goals points lead leads led plan plans bid move moves bill law man woman men women child
    children year years day days week month million billion people city state country war peace crisis
    economy growth jobs health food water power energy climate school schools students hospital doctors
    tops arrives arrive looks climb rejects reject backs denies deny announces announce names named
    """.split()
)

# Words that end a name or can't begin one.
NEVER = frozenset(
    """
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April June July
    August September October November December The A An In On At And But For With Reuters AFP GMT EST I
    He She They We It His Her Their This That When After Before While As If Photo File Image Source
    Editing Reporting Writing COVID CEO CFO
    """.split()
)

# Small words before a person: "coach Klopp".
ROLE_WORDS = frozenset(
    """
    spokesman spokeswoman spokesperson coach manager captain skipper striker midfielder defender
    goalkeeper keeper winger forward fullback quarterback receiver pitcher batsman bowler all-rounder
    opener driver rider jockey boxer golfer champion compatriot teammate team mate counterpart lawyer
    attorney prosecutor judge magistrate analyst economist strategist trader researcher professor
    scientist epidemiologist virologist doctor director founder chairman chairwoman chair chief
    executive president premier chancellor minister lawmaker senator congressman congresswoman governor
    mayor activist journalist reporter editor photographer cameraman singer rapper actor actress author
    writer novelist poet producer comedian dictator leader commander general colonel envoy ambassador
    negotiator diplomat commissioner secretary adviser advisor billionaire businessman businesswoman
    tycoon entrepreneur resident farmer student teacher nurse widow wife husband son daughter brother
    sister father mother girlfriend boyfriend cousin uncle aunt victim suspect gunman goalie guard
    center centre rookie veteran dissident tenor soprano owner promoter winner runner-up compatriots
    debutant substitute
    """.split()
)

# Capitalised words before a person: "Mr Lavrov".
TITLE_WORDS = frozenset(
    """
    Mr Mrs Ms Miss Dr Prof Professor Sir Dame Lord Lady Baroness Rev Reverend Sen Rep Gov Gen Lt Col Maj
    Capt Sgt Cmdr Adm Brig Senator Governor General Lieutenant Colonel Major Captain Sergeant Admiral
    Brigadier President Chancellor Minister Secretary Chairman Chairwoman Judge Justice Sheriff Mayor
    Ambassador Commissioner Councillor Speaker Pope Cardinal Archbishop Bishop Father Imam Ayatollah
    Rabbi Sheikh King Queen Prince Princess Emir Sultan Magistrate Prosecutor Inspector Superintendent
    Detective Constable Officer Coach Premier Congressman Congresswoman Representative Herr Frau
    Monsieur Madame
    """.split()
)

# Verbs after a person.
SAID = frozenset(
    """
    said says told added tweeted wrote testified pleaded declined recalled insisted argued explained
    scored won beat finished hit made struck headed netted converted replied died
    """.split()
)

# Words that stand before a name and are cut off it.
TITLES = frozenset(
    """
    Mr Mrs Ms Miss Messrs Dr Prof Professor Sir Dame Lord Lady Baroness Baron Count Rev Reverend Hon Sen
    Senator Sens Rep Reps Representative Congressman Congresswoman Gov Governor Gen General Lt
    Lieutenant Col Colonel Maj Major Capt Captain Sgt Sergeant Cpl Corporal Pvt Private Cmdr Commander
    Adm Admiral Brig Brigadier Marshal President Vice Premier Chancellor Minister Secretary Chairman
    Chairwoman Chairperson Chair Chief Director Judge Justice Attorney Prosecutor Sheriff Mayor
    Ambassador Envoy Commissioner Councillor Councilman Alderman Speaker Spokesman Spokeswoman
    Spokesperson Coach Manager Striker Midfielder Defender Goalkeeper Forward Winger Quarterback Officer
    Detective Constable Inspector Superintendent King Queen Prince Princess Emperor Sultan Emir Sheikh
    Sheik Crown Duke Duchess Pope Cardinal Archbishop Bishop Father Sister Brother Imam Ayatollah Rabbi
    Grand Mufti Patriarch Saint Prime Foreign Interior Finance Defence Defense Health Economy Trade
    Energy Oil Education Transport Agriculture Labour Labor Culture Environment Home Deputy Acting
    Former Ex First Opposition Leader Lawmaker Founder Owner Analyst Economist Strategist Lawyer Doctor
    Nurse Actor Actress Singer Author Editor Reporter Correspondent Photographer Sgt. National Security
    Adviser Advisor Council Head Boss Federal Executive CEO CFO President-elect Treasury State Commerce
    Special Counsel Solicitor Supreme Union Party Billionaire Businessman Businesswoman Tycoon Activist
    Journalist Novelist Rapper Composer Playwright Tenor Batsman Bowler Opener All-rounder Seamer
    Spinner Golfer Boxer Jockey Driver Rider Skier Sprinter Swimmer Gymnast Cyclist Fullback Halfback
    Prop Flanker Hooker Lock Centre Center Guard Pitcher Catcher Goalie Playmaker Cornerback Linebacker
    Skipper Veteran Teenager Rookie Champion Compatriot Teammate Substitute Debutant Teen Comedian
    Researcher Epidemiologist Virologist Scientist Diplomat Negotiator Dictator Strongman
    """.split()
)

# Titles that make a span an office, not a name: "Secretary of State".
OFFICES = frozenset(
    """
    Minister Secretary President Premier Chancellor Governor Mayor Senator Judge Justice Director Chief
    Chairman Chair General Ambassador Commissioner Spokesman Spokeswoman Adviser Prosecutor Attorney
    Speaker Sheriff
    """.split()
)

"""Words that digests are recognised by, as data: agencies, sections, labels, boilerplate.

Matched without case. A language is added by adding its words here; no rule names a publisher's case.
"""

# ruff: noqa: E501  (word lists and patterns: broken into short lines they read worse)

from __future__ import annotations

import re

# News agencies as they stand in datelines and credits.
AGENCY_NAMES = frozenset(
    name
    for name in """AP|The Associated Press|Associated Press|Reuters|Thomson Reuters|AFP|Agence France-Presse
    |Xinhua|TASS|ITAR-TASS|Interfax|RIA Novosti|Sputnik|dpa|dpa-AFX|dpa/lby|epd|KNA|SID|sid|APA|SDA|Keystone-SDA|ANSA
    |AGI|Adnkronos|LaPresse|EFE|Europa Press|EP|Lusa|ANP|Belga|Ritzau|NTB|TT|STT|BNS|ELTA|LETA|PAP|ČTK|CTK|TASR
    |SITA|MTI|Agerpres|BTA|Tanjug|Hina|STA|ANA-MPA|Anadolu|Anadolu Agency|AA|DHA|IRNA|ISNA|Fars|Mehr|Tasnim|SANA
    |NNA|WAFA|MENA|SPA|WAM|QNA|KUNA|Petra|PTI|ANI|IANS|UNI|APP|UNB|BSS|Kyodo|Kyodo News|Jiji|Jiji Press|Yonhap|KCNA
    |CNA|Focus Taiwan|VNA|Bernama|Antara|PNA|AAP|NZPA|CP|The Canadian Press|Canadian Press|La Presse canadienne
    |UPI|Bloomberg|Bloomberg News|Dow Jones|MarketWatch|PA|PA Media|Press Association|CNS|RNS|Ukrinform|UNIAN
    |Belta|KazInform|Trend|Armenpress|Agenzia Nova|Notimex|Télam|Telam|ABI|Prensa Latina|PL|Andina|Agência Brasil
    |ТАСС|РИА Новости|Интерфакс|新华社|共同社|NAN|SAPA|APS|TAP|MAP|ACI Prensa|GNA|KNA Kenya|ENA|IPS|Zhongxin|China News Service|CCTV|StatePoint|GlobeNewswire
    |PRNewswire|PR Newswire|Business Wire|BUSINESS WIRE|ots|news aktuell|ATS|Keystone-ATS|ap/dpa|dpa/AFP|AFP/dpa
    |Getty Images|EPA|EPA-EFE|EFE-EPA|Imago|IMAGO|picture alliance|Alamy|Shutterstock|Zuma Press|Magnum|NurPhoto
    |VCG|Handout|File|Pool""".replace("\n", "").split("|")
    for name in [name.strip()]
)
# Papers and stations by their initials, as they stand behind headlines.
OUTLETS = frozenset(
    "FT BBC CNN NBC CBS ABC NPR PBS CBC NHK NYT WSJ WaPo WP LAT USAT SCMP NZZ FAZ SZ taz ARD ZDF ORF SRF DW RFI RTE RTÉ VRT NOS NRC".split()
)
AGENCIES = frozenset(name.casefold() for name in AGENCY_NAMES)

# Labels that name one story's kind: they stand over that story alone.
KICKERS = frozenset(
    word.casefold()
    for word in """feature|analysis|opinion|editorial|exclusive|breaking|breaking news|update|explainer|interview
    |column|commentary|comment|review|profile|obituary|live|live blog|fact check|factbox|investigation|special report
    |long read|longread|news analysis|letter|in depth|q&a|in pictures|photo essay|podcast|video|essay|watch|lead story
    |top story|must read|perspective|op-ed|cover story|analyse|kommentar|meinung|reportage|hintergrund|eilmeldung|glosse
    |porträt|exklusiv|leitartikel|tribune|chronique|éditorial|enquête|reportage|exclusif|décryptage|entretien|portrait
    |análisis|opinión|editorial|exclusiva|reportaje|entrevista|última hora|analisi|intervista|commento|inchiesta
    |correction|newsletter exclusive|report|briefing|spotlight|insight|background|big read|the big read""".replace(
        "\n", ""
    ).split("|")
    for word in [word.strip()]
)

# Departments of a paper: they stand over all that follows, until the next.
SECTIONS = frozenset(
    word.casefold()
    for word in """world|world news|international|international news|global|foreign|politics|political news|policy
    |national|nation|us|u.s.|u.s. news|us news|uk|uk news|usa|europe|european union|eu|asia|asia-pacific|asia pacific
    |africa|americas|latin america|middle east|middle east & africa|china|russia|ukraine|india|germany|france|local
    |local news|metro|city|region|regional|business|business news|economy|economics|finance|markets|money|companies
    |technology|tech|science|science & technology|health|climate|environment|energy|sport|sports|football|culture|arts
    |arts & culture|entertainment|lifestyle|life|style|travel|food|education|religion|society|crime|courts|justice|law
    |security|defence|defense|war|diplomacy|weather|news|top news|top stories|headlines|latest|latest news|front page
    |more news|in brief|briefs|news in brief|media|automotive|real estate|property|transport|trade|industry|agriculture
    |video|other news|also in the news|general|home news|domestic|features|people|history|books|film|music|television
    |elections|election|human rights|migration|sanctions|corporate news|breaking news|wire|wires|press review
    |politik|wirtschaft|ausland|inland|kultur|sport|gesellschaft|panorama|wissen|wissenschaft|feuilleton|meinung|welt
    |europa|deutschland|international|lokales|regionales|regional|finanzen|börse|technik|digital|netzwelt|medien|reise
    |gesundheit|umwelt|klima|vermischtes|aus aller welt|schlagzeilen|nachrichten|thema des tages|schweiz|österreich
    |politique|économie|monde|international|france|société|culture|sports|sciences|santé|planète|environnement|idées
    |afrique|amériques|asie|europe|proche-orient|entreprises|finance|médias|à la une|actualités|faits divers|régions
    |política|economía|mundo|internacional|españa|sociedad|cultura|deportes|ciencia|salud|tecnología|américa|europa
    |negocios|empresas|nacional|opinión|portada|últimas noticias|medio ambiente|sucesos|latinoamérica
    |politica|economia|esteri|mondo|cronaca|cultura|scienza|salute|tecnologia|italia|ambiente|finanza|attualità
    |国際|社会|経済|政治|国内|スポーツ|文化|科学|国际|经济|体育|财经|科技|时政|국제|경제|정치|사회|스포츠|문화
    |binnenland|buitenland|economie|politiek|wetenschap|cultuur|mundo|brasil|esportes|economia|saúde""".replace(
        "\n", ""
    ).split("|")
    for word in [word.strip()]
)

# "Label: value" lines of exports and digests, by what they say.
LABELS = {
    name: field
    for field, names in {
        "title": "заголовок|标题|title|headline|head|hd|titel|überschrift|schlagzeile|titre|título|titulo|titolo|titular|kop",
        "byline": "автор|авторы|作者|記者|著者|筆者|撰文|기자|byline|author|authors|author(s)|by line|writer|reporter|journalist|autor|autoren|autorin|von"
        "|verfasser|auteur|auteurs|signature|autora|autores|autore|autori|firma",
        "date": "дата|опубликовано|日期|时间|date|published|publication date|published on|pub date|pubdate|posted|posted on|date published|dated"
        "|publish date|issue date|datum|veröffentlicht|veröffentlicht am|erschienen|erschienen am"
        "|erscheinungsdatum|date de publication|publié|publié le|paru le|fecha|publicado|publicado el"
        "|fecha de publicación|data|pubblicato|pubblicato il|gepubliceerd|release date|time",
        "updated": "updated|last updated|modified|last modified|update|updated on|aktualisiert|aktualisiert am|stand"
        "|mis à jour|mis à jour le|actualizado|actualizado el|aggiornato|load-date|load date",
        "section": "рубрика|раздел|section|category|rubric|rubrik|ressort|kategorie|rubrique|catégorie|sección|seccion|categoría"
        "|sezione|topic|desk|department|thema",
        "link": "ссылка|链接|link|url|web|read more|read|read it|read on|full story|full article|full text|read full story|more"
        "|article|story|original|permalink|weblink|source url|article url|read the full story|read the full article"
        "|continue reading|see|via|read more at|read more here|story link|link to article|link to story|online|web link"
        "|read article|read at|amp|archive|archived|archive link|mirror|pdf|short link|shortlink|gift link|wayback|print version|mehr|weiterlesen|zum artikel|artikel|mehr lesen|lesen sie mehr|quelle url|lien|lire"
        "|lire la suite|lire l'article|en savoir plus|source web|enlace|leer más|leer|ver|seguir leyendo|leggi|leggi tutto"
        "|collegamento|lees meer|lees verder|ler mais",
        "source": "source|sources|quellen|fuentes|fonti|источник|来源|publication|publisher|outlet|newspaper|medium|media|quelle|zeitung|journal|sn|fuente|medio"
        "|fonte|bron|testata|provider|from",
        "caption": "caption|photo caption|image caption|picture caption|bildunterschrift|bildtext|légende|legende|pie de foto"
        "|didascalia|bijschrift|image|photo|picture|foto|bild|graphic|pictured|imagen|immagine|infographic",
        "credit": "credit|photo credit|image credit|picture credit|photo by|image by|picture by|photograph|photograph by|photos by"
        "|photo courtesy|photo courtesy of|photographer|bildnachweis|fotograf|fotocredit|bildquelle|crédit|crédit photo|crédits|crédit photos"
        "|créditos|crédito|foto di|foto de|fotografía|illustration|illustration by|graphic by|graphics by|infographic by|infographics",
        "dateline": "dateline|place|ort|lieu|lugar|ortsmarke",
        "text": "body|text|summary|abstract|snippet|excerpt|lead|lede|lead paragraph|description|teaser|content|full text"
        "|zusammenfassung|auszug|vorspann|résumé|extrait|chapeau|texte|resumen|extracto|texto|sommario|riassunto|testo"
        "|intro|highlight|synopsis|article text|story text",
        "ignored": "length|words|word count|language|copyright|document type|publication-type|publication type|load-date"
        "|journal code|subject|subjects|geographic|company|organization|person|ticker|tags|keywords|edition|page|pages"
        "|pg|classification|document|document id|accession number|id|reading time|read time|länge|sprache|seite"
        "|stichworte|schlagworte|langue|longueur|mots|idioma|lingua|relevance|sentiment|reach|circulation|country"
        "|media type|ave|isbn|issn|time of day|issue",
    }.items()
    for name in names.split("|")
}

# Words on a link that leads to the story and are no title of it.
READ_ON = re.compile(
    r"""(?:[»›→>\s]*)(?:click\ (?:here|to)(?:\ to)?\ )?(?:read\ ?(?:more|on|it|now|article|story|full\ \w+|the\ (?:full|whole|rest|original)?.{0,20}
    |in\ full|online)|(?:read|view)(?=\ (?:at|on|in)\ )|continue(?:\ reading)?|keep\ reading|full\ (?:story|article|text|coverage|report)|more|more\ here|see\ more|view\ (?:article|story|full\ \w+|more)
    |learn\ more|find\ out\ more|go\ to\ (?:article|story)|open\ (?:article|story)|here|click\ here|link|source|story|article|details
    |original(?:\ article)?|permalink|weiterlesen|mehr(?:\ lesen|\ dazu|\ erfahren)?|zum\ (?:ganzen\ )?artikel|lesen\ sie\ (?:mehr|weiter|hier).{0,20}|jetzt\ lesen
    |ganzen\ artikel\ lesen|hier(?:\ lesen)?|lire(?:\ (?:la\ suite|l['’]article|plus|l['’]article\ complet))?|en\ savoir\ plus|la\ suite|voir\ plus|leer(?:\ (?:más|mas|artículo|la\ noticia|noticia\ completa))?
    |seguir\ leyendo|sigue\ leyendo|ver\ más|más(?:\ información)?|leggi(?:\ (?:tutto|di\ più|l['’]articolo|ancora))?|continua(?:\ a\ leggere)?|lees\ (?:meer|verder|het\ artikel)|ler\ mais|saiba\ mais|leia\ mais)
    (?:\ (?:at|on|in|auf|bei|sur|en|su)\ .{2,40}|\ (?:here|now|online))?[\s.:…»›→>]*""",
    re.IGNORECASE | re.VERBOSE,
)

# Whole rows that are the digest's own furniture: matched from the row's start to its end.
FURNITURE = re.compile(
    r"""(?:advertisement|advert|ad|ads|anzeige|werbung|publicité|publicidad|pubblicità|advertentie|sponsored(?:\ (?:content|post|by.{0,60}|message))?
    |promoted(?:\ by.{0,60})?|paid\ (?:content|post)|story\ continues\ (?:below|after).{0,40}|article\ continues\ (?:below|after).{0,40}|continue\ reading\ below.{0,30}
    |end\ of\ advertisement|end\ advertisement
    |(?:share|teilen|partager|compartir|condividi|delen)(?:[\s:|,·•/-]*(?:this|on|via|by|with|article|story|friends|facebook|twitter|x|linkedin|whatsapp|telegram|email|e-mail|mail|reddit|print|pocket|mastodon|bluesky|auf|sur|en|copy|link|and|or|und|et|tweet|threads|a|friend))*
    |(?:tweet|like|pin\ it|retweet|facebook|twitter|x|linkedin|instagram|youtube|whatsapp|telegram|reddit|email|e-mail|print|save|mastodon|bluesky|threads|tiktok|rss|copy\ link|pinterest|flipboard|comments?(?:\ \(\d+\))?|\d+\ comments?|forward|pocket|gift|listen)(?:[\s|,·•/-]+(?:tweet|like|pin\ it|facebook|twitter|x|linkedin|instagram|youtube|whatsapp|telegram|reddit|email|e-mail|print|save|share|comments?|mastodon|bluesky|threads|tiktok|rss|copy\ link|pinterest|flipboard|forward|pocket|and|website))*
    |(?:back\ to\ )?top(?:\ of\ page)?|return\ to\ (?:top|contents|index)|nach\ oben|zurück\ zum\ anfang|haut\ de\ page|home|menu|logo|skip\ to\ (?:main\ )?content|skip\ to\ .{0,30}|image|photo|picture|enlarge\ image|view\ image|play\ video|watch\ video|open\ image.{0,20}
    |flag\ as\ irrelevant|see\ (?:more|all)\ results.{0,40}|all\ stories\ on\ this\ topic|see\ all\ stories\ on\ this\ topic|full\ coverage|see\ more\ headlines.*|view\ all.{0,40}|see\ all.{0,40}
    |(?:end|ende|fin|fine)(?:\ of\ (?:document|digest|newsletter|message|story|article|transmission|file|report))?\.?|\#{2,4}|-\ ?30\ ?-|\(?end\)?|copyright\ notice|disclaimer|impressum|datenschutz|kontakt|contact(?:\ us)?|about(?:\ us)?|help|faq|privacy(?:\ (?:policy|notice|statement))?|terms(?:\ (?:of\ (?:use|service)|and\ conditions|\&\ conditions))?|legal(?:\ notice)?|careers|advertise(?:\ with\ us)?|feedback|support|subscribe(?:\ (?:now|today|here))?|sign\ (?:up|in)|log\ ?in|register|donate|shop|app|settings|preferences|archive|unsubscribe|abmelden|abbestellen|se\ désabonner|désabonnement|se\ désinscrire|darse\ de\ baja|cancelar\ suscripción|disiscriviti|annulla\ iscrizione|afmelden|uitschrijven|mentions\ légales|contactez-nous|nous\ contacter|aviso\ legal|view\ online|webversion|web\ version|online\ version|online-version|browser\ version|view\ in\ browser|view\ as\ web\ ?page
    |\d{1,3}\ (?:shares|likes|comments|views)|x|\[image(?::[^\]]*)?\]|\[cid:[^\]]*\]|\[logo\]|\[?inline\ image.{0,30}|begin\ forwarded\ message:?)""",
    re.IGNORECASE | re.VERBOSE,
)

# Phrases that make a short row boilerplate wherever in it they stand. Each family has stems, one of
# which must occur before its pattern is tried: searching all patterns in every row took most of the
# time of reading a digest.
_PHRASES: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (tuple(stems.split("|")), re.compile(pattern, re.IGNORECASE | re.VERBOSE))
    for stems, pattern in (
        (
            "unsubscri|opt out|opt-out|preference|settings|manage |update|change|edit |set ",
            r"""unsubscribe|opt[\ -]out\ of\ (?:these|this|future)|preference\ cent(?:er|re)|e?-?mail\ (?:preferences|settings)
            |manage\ (?:your\ )?(?:subscription|preference|email|newsletter|alert|notification)|subscription\ (?:preferences|settings|cent(?:er|re))
            |(?:update|change|edit|set)\ (?:your\ )?(?:e-?mail\ |subscription\ |newsletter\ |alert\ )?(?:preferences|settings|options|profile\ /)""",
        ),
        (
            "browser|web page|webpage|website|on the web|online|trouble|problem|displa|images not|in web",
            r"""(?:view|read|open|see|(?:trouble|problems?)\ (?:viewing|reading))\ (?:this|it|the)?\ ?(?:e-?mail|message|newsletter|digest|issue|edition|alert|page|post|story|letter)?\ ?(?:in|on|as)\ (?:your|a|the|an)?\ ?(?:web\ ?)?(?:browser|web\ ?page|web|website)
            |(?:view|read)\ (?:this\ )?(?:e-?mail|newsletter|message|it)?\ ?online\b|having\ trouble\ (?:viewing|reading|seeing)|images\ not\ (?:showing|displaying)|not\ displaying\ (?:correctly|properly)
            |if\ (?:you\ (?:can['’]?t|cannot|are\ unable|have\ trouble)|this\ (?:e-?mail|message|newsletter)).{0,60}(?:view|see|read|display|browser|click)""",
        ),
        (
            "receiv|getting|you got|subscribed|signed up|sent|automat|delivered|intended|generated|compiled|produced",
            r"""you(?:['’]re|\ are|['’]ve|\ have)?\ (?:have\ )?(?:been\ )?(?:receiv(?:e|ed|ing)|getting|got|subscribed|sent)\ (?:to\ )?(?:this|our|these|the|it).{0,60}(?:e-?mail|newsletter|message|because|alert|digest|briefing|letter|list)
            |you\ (?:receive|get|are\ getting)\ (?:this|these)\b.{0,60}because|you\ signed\ up\ (?:for|to|with)|sent\ to\ you\ (?:by|because|at)|this\ is\ an\ automat(?:ed|ic)\ (?:e-?mail|message|digest|alert)
            |this\ (?:e-?mail|message|newsletter|digest|alert|report|summary)\ (?:was|has\ been|is)\ (?:sent|delivered|intended|generated|(?:automatically\ )?compiled|produced)
            |sent\ from\ my\ \w+|sent\ (?:by|via|with|using)\ (?:mailchimp|substack|beehiiv|sendgrid|constant\ contact|campaign\ monitor|brevo|hubspot|ghost|factiva|nexis|meltwater|cision)|receive\ this\ alert\ as\ rss""",
        ),
        (
            "address book|contacts|to ensure|whitelist|safe",
            r"""add\ (?:us|.{3,60}@.{3,40})\ to\ your\ (?:address\ book|contacts|safe)|to\ ensure\ (?:delivery|that\ (?:you|our))|whitelist\ us""",
        ),
        (
            "forward|friend|colleague",
            r"""(?:forwarded|sent)\ (?:this|to\ you)\ (?:by\ a|from\ a|e-?mail|newsletter|to\ you).{0,60}\?|was\ this\ (?:e-?mail|newsletter|message)?\ ?forwarded|forward(?:ed)?\ (?:this\ )?(?:e-?mail|newsletter|message|it|digest)?\ ?to\ (?:a\ )?(?:friend|colleague|you\?)
            |did\ (?:a\ friend|someone)\ forward|get(?:ting)?\ this\ (?:e-?mail|newsletter)\ from\ a\ friend|tell\ a\ friend|send\ to\ a\ (?:friend|colleague)""",
        ),
        (
            "rights|rechte|droits|derechos|diritti|may not be|personal use",
            r"""all\ rights\ reserved|alle\ rechte\ vorbehalten|tous\ droits\ réservés|todos\ los\ derechos\ reservados|tutti\ i\ diritti\ riservati|may\ not\ be\ (?:published|reproduced|redistributed).{0,60}|for\ personal\ use\ only""",
        ),
        (
            "privacy|terms|cookie|datenschutz|confidential|privacidad",
            r"""privacy\ policy|terms\ (?:of\ (?:use|service)|and\ conditions|&\ conditions)|cookie\ policy|datenschutzerklärung|datenschutz\ ?\||politique\ de\ confidentialité|política\ de\ privacidad|informativa\ sulla\ privacy|confidentiality\ notice|this\ e-?mail\ (?:and\ any|is\ confidential|may\ contain)""",
        ),
        ("outlook for", r"get\ outlook\ for\ \w+"),
        (
            "gesendet|envoyé|enviado|inviato",
            r"von\ meinem\ \w+\ gesendet|envoyé\ de(?:puis)?\ mon\ \w+|enviado\ desde\ mi\ \w+|inviato\ da(?:l\ mio)?\ \w+",
        ),
        (
            "newsletter|abmelden|abbestellen|sie erhalten|browser",
            r"""newsletter\ (?:abbestellen|abmelden|weiterempfehlen|abonnieren)|vom\ newsletter\ abmelden|(?:hier|newsletter)\ abmelden|abbestellen\b|wenn\ sie\ (?:diese|den|diesen|keine).{0,80}(?:newsletter|e-?mail|mail)|sie\ erhalten\ (?:diese|diesen|unseren|den)\ (?:e-?mail|mail|newsletter|nachricht|digest).{0,60}|(?:im|in\ ihrem)\ browser\ (?:ansehen|öffnen|anzeigen|lesen|betrachten)|afmelden\ voor|uitschrijven|bekijk\ .{0,30}in\ (?:je|uw|de)\ browser""",
        ),
        (
            "désabonn|désinscri|recevez|navigateur|en ligne|gérer",
            r"""désabonne[rz]|désinscri(?:re|vez|ption)|vous\ recevez\ ce(?:t|tte)?\ .{0,60}|(?:voir|afficher|lire|consulter|ouvrir)\ .{0,30}(?:dans|sur)\ (?:votre|le|un)\ navigateur|version\ en\ ligne|gérer\ (?:mes|vos)\ (?:préférences|abonnements|newsletters)""",
        ),
        (
            "de baja|suscripción|este correo|este mensaje|este boletín|navegador|ha recibido",
            r"""dar(?:me|te|se)?\ de\ baja|cancelar\ (?:la|su|tu)?\ ?suscripción|recibe(?:s)?\ este\ (?:correo|mensaje|boletín).{0,60}|ver\ .{0,30}en\ (?:el|su|tu)\ navegador|ha\ recibido\ este\ (?:correo|mensaje|boletín).{0,60}""",
        ),
        (
            "iscri|cancellarsi|ricevi |nel browser|sul browser",
            r"""annulla(?:re)?\ l['’]iscrizione|disiscri\w+|cancellarsi|ricevi\ questa\ .{0,40}|visualizza\ .{0,30}(?:nel|sul)\ browser""",
        ),
        (
            "to stop |you get this|you got this|is sent |are sent ",
            r"""(?:^|[.!?]\ )to\ stop\ (?:it|this|these|them|getting|receiving)\b.{0,80}|you\ (?:get|got|are\ getting)\ this\ (?:e-?mail\ |message\ |newsletter\ |digest\ )?because.{0,80}|(?:is|are)\ sent\ (?:out\ )?(?:to\ (?:you|subscribers)|every\ \w+day|each\ \w+|daily|weekly).{0,40}$""",
        ),
        (
            "alert|as rss|feedback|google llc|powered by|environment|reply|questions",
            r"""(?:create|edit|see|manage|delete|view)\ (?:another\ |this\ |your\ |all\ (?:your\ )?)?alerts?\b|get\ this\ (?:alert\ )?as\ (?:an\ )?rss|send\ feedback|google\ llc|^powered\ by\ \w+|please\ consider\ the\ environment|do\ not\ reply\ to\ this|please\ do\ not\ reply|questions\ or\ (?:comments|feedback)\?|(?:questions|comments|feedback|tips)\?\ (?:e-?mail|write|contact|reply|send).{0,80}|we['’]d\ love\ (?:to\ hear\ from|your\ feedback).{0,80}|reply\ to\ this\ (?:e-?mail|newsletter).{0,80}""",
        ),
    )
)
# The same, but only where the row begins with them.
_OPENINGS = re.compile(
    r"""(?:©|\(c\)\s|copyright\b|&copy;).{0,200}|(?:follow|like|find|join|connect\ with|visit)\ us\b.{0,60}|(?:folgen\ sie\ uns|suivez-nous|síguenos|seguici|volg\ ons)\b.{0,60}|stay\ connected\b.{0,60}
    |(?:sign\ up|subscribe|register)\ (?:for|to|now|here|today).{0,120}|get\ (?:our|the|more|unlimited|full)\ .{0,60}(?:newsletter|inbox|app|access|delivered|briefing|digest|subscription).{0,60}|(?:download|get|try)\ (?:our|the)\ .{0,30}\bapp\b.{0,60}|subscribe\b.{0,20}$|become\ a\ (?:member|subscriber|supporter|patron).{0,80}|support\ (?:our|independent|quality).{0,80}journalism.{0,60}|upgrade\ to\ (?:paid|premium).{0,40}|start\ your\ (?:free\ )?(?:trial|subscription).{0,60}|already\ a\ subscriber\b.{0,60}
    |abonnez-vous\b.{0,80}|jetzt\ abonnieren\b.{0,60}|why\ did\ i\ get\ this\b.{0,20}|our\ mailing\ address\ is.{0,80}|p\.?\ ?o\.?\ box\ \d+.{0,80}|(?:please\ )?do\ not\ (?:forward|redistribute|circulate)\b.{0,120}|for\ internal\ use\ only.{0,80}|not\ for\ (?:publication|redistribution|onward).{0,80}|want\ to\ (?:change|receive|get|advertise|unsubscribe|sponsor)\b.{0,100}|to\ (?:be\ (?:removed|taken\ off|added)|advertise|unsubscribe|subscribe|leave\ (?:this|the)\ list|stop\ receiving|change\ your|manage\ your)\b.{0,120}|(?:brought\ to\ you\ by|sponsored\ by|presented\ by|a\ message\ from|from\ our\ (?:sponsor|partner)s?|in\ partnership\ with|anzeige\s*:|advertisement\s*:|ad\s*:|sponsored\s*:|werbung\s*:|publicité\s*:|publicidad\s*:).{0,200}""",
    re.IGNORECASE | re.VERBOSE,
)


def boilerplate(text: str) -> re.Match[str] | None:
    """The phrase in a row that makes it the digest's own furniture, if it has one."""
    if match := _OPENINGS.match(text):
        return match
    lower = text.casefold()
    for stems, pattern in _PHRASES:
        if any(stem in lower for stem in stems) and (match := pattern.search(text)):
            return match
    return None


# Labels whose following lines are somebody's advertisement.
ADVERT = re.compile(
    r"[\W_]*(?:(?:begin(?:ning)? )?(?:paid )?advert(?:isement|isment)?s?|anzeigen?|werbung|publicité|publicidad|pubblicità|advertentie|sponsored(?: (?:content|post|message|link))?"
    r"|promoted|paid content|a (?:message|word) from our (?:sponsor|partner)s?|from our (?:sponsor|partner)s?|our sponsor|today['’]s sponsor|partner content|ad)[\W_]*",
    re.IGNORECASE,
)
SELLS = re.compile(
    r"\b(?:buy|offers?|% off|\d ?%|save|free|order|discount|shop|try|deals?|sale|subscribe|sign up|book now|today only|limited|learn more|click"
    r"|download|register|premium|join|introducing|discover|get your|your|you|sponsor|voucher|jetzt|rabatt|gratis|kostenlos|angebot|sparen|offre|gratuit"
    r"|achetez|découvrez|profitez|oferta|compre|descuento|descubra|sconto|offerta|scopri|aanbieding|korting)\b|[$€£]\s?\d|\d\s?[$€£]|\d ?% ",
    re.IGNORECASE,
)

CONTENTS = re.compile(
    r"[\W_]*(?:(?:table of )?contents|in (?:this|today['’]s) (?:issue|edition|digest|newsletter|e-?mail|briefing)|what['’]s inside|inside(?: today| this issue)?|today['’]s (?:headlines|stories)"
    r"|headlines (?:today|at a glance|in this (?:issue|edition))|at a glance|index|on the agenda|what you need to know|inhalt(?:sverzeichnis)?|inhaltsübersicht|in dieser ausgabe|themen(?:übersicht)?|die themen(?: des tages)?|heute im überblick|übersicht|sommaire|table des matières|au sommaire|dans ce numéro"
    r"|sumario|índice|contenidos?|en este número|en esta edición|sommario|indice|in questo numero|inhoud|in dit nummer|summary of headlines|list of (?:headlines|articles)|documents in this (?:file|digest))[\W_]*",
    re.IGNORECASE,
)

# Headings over lists of numbered references.
REFERENCES = re.compile(
    r"[\W_]*(?:links?|references?|sources?|footnotes?|notes?|urls?|web ?links?|article links|quellen|verweise|fußnoten|liens|références|notes de bas de page|enlaces|referencias|fuentes|collegamenti|fonti|bronnen)[\W_]*",
    re.IGNORECASE,
)

# A newsletter's own name, standing over all of its items.
MASTHEAD = re.compile(
    r"\b(?:digest|newsletter|briefing|news ?brief|daily brief|morning brief|evening brief|alerts?|round-?up|bulletin|press review|press clippings?|clippings?|news ?feed|media monitoring|monitoring|edition|issue (?:no|n°|#|nr)?\.? ?\d+|issue|vol(?:ume)?\.? \d+|today['’]s (?:news|headlines|papers|top)|top stories|top news|news summary|daily news|weekly news|news of the (?:day|week)|this week in|your (?:daily|morning|evening|weekly)|the daily|the morning|the week|the weekly"
    r"|presse(?:schau|spiegel|übersicht)|nachrichtenüberblick|tagesüberblick|morgenlage|abendlage|revue de presse|lettre d['’]information|infolettre|la matinale|le brief|l['’]essentiel|boletín|resumen(?: de)? (?:prensa|noticias|diario)|resumen|rassegna stampa|notiziario|nieuwsbrief|nieuwsoverzicht|ausgabe|google alert|factiva|nexis|lexisnexis|what the papers say|(?:media|press) coverage|news archive|early bird|^(?:[\w’']+ ){1,3}brief$|(?:morning|daily|weekly) (?:links|reading|clips|file)|clipping|knipselkrant|обзор прессы|дайджест|ニュースダイジェスト)\b",
    re.IGNORECASE,
)
GREETING = re.compile(
    r"(?:(?:good )?(?:morning|afternoon|evening)\b|good day|dear\b|hello\b|hi\b|hey\b|welcome\b|greetings|here (?:is|are)\b|here['’]s\b|these are\b|below (?:is|are|you)|please find|find below|happy (?:mon|tues|wednes|thurs|fri|satur|sun)day|guten (?:morgen|tag|abend)|liebe\b|sehr geehrte|hallo\b|willkommen|hier (?:ist|sind|kommt|die)|bonjour|bonsoir|chers?\b|chères?\b|voici|bienvenue|buenos días|buenas (?:tardes|noches)|estimad[oa]s?\b|hola\b|bienvenid[oa]s?|estas son|aquí|buongiorno|buonasera|cari\b|ecco\b|goedemorgen|beste\b|the following|your (?:daily|weekly|morning|evening|personal)|today['’]s (?:top|digest|edition|selection|newsletter)|compiled (?:by|from)|fyi\b|see below|as discussed|thought you|this is your|\d+ (?:new )?(?:results?|articles?|stories|documents?|items?)\b)",
    re.IGNORECASE,
)
SIGN_OFF = re.compile(
    r"(?:best|kind|warm|warmest|with best|with kind)?\s?(?:regards|wishes)|best|cheers|sincerely|yours (?:sincerely|truly|faithfully)|thanks(?: again| for reading)?|thank you(?: for reading)?|until (?:tomorrow|next (?:time|week))|see you (?:tomorrow|next (?:time|week)|soon|on monday)|have a (?:good|great|nice) (?:day|week|weekend|evening)|(?:mit )?(?:freundlichen|herzlichen|besten|vielen) grüßen?|viele grüße|herzliche grüße|beste grüße|bis morgen|cordialement|bien (?:à vous|cordialement)|bonne (?:lecture|journée)|à demain|saludos(?: cordiales)?|un (?:cordial )?saludo|atentamente|hasta mañana|cordiali saluti|a domani|met vriendelijke groet(?:en)?|that['’]s (?:all|it) for (?:today|now|this week).{0,40}|einen (?:schönen|guten|erfolgreichen) \w+ wünsch(?:t|en)(?: .{2,30})?|ihre? redaktion",
    re.IGNORECASE,
)

# Words of publishers' names, to tell "South China Post" from a person.
PUBLISHERS = re.compile(
    r"\b(?:news|times|post|guardian|herald|tribune|journal|daily|press|agency|reuters|bbc|cnn|nbc|cbs|abc|npr|pbs|zeitung|monde|figaro|país|mundo|globe|mail|telegraph|independent|observer|mirror|standard|chronicle|gazette|courier|examiner|inquirer|bulletin|record|register|star|sun|sentinel|review|economist|magazine|week|weekly|today|wire|network|radio|television|tv|broadcasting|media|spiegel|welt|bild|stern|focus|tagesschau|tagesspiegel|rundschau|allgemeine|presse|anzeiger|nachrichten|blatt|libération|croix|parisien|echos|repubblica|corriere|stampa|sole|vanguardia|razón|jazeera|xinhua|tass|bloomberg|politico|axios|vox|atlantic|online|digital|ledger|argus|advertiser|dispatch|echo|bugle|leader|citizen|mercury|evening|courrier|dépêche|dauphiné|républicain|télégramme|diario|periódico|faro|correo|heraldo|gaceta|gazzetta|giornale|messaggero|mattino|kurier|merkur|volksblatt|morgenpost|abendblatt|tageblatt|\w+\.(?:com|org|net|de|fr|es|it|uk|cn|ru|eu|at|ch|nl|test|example|info|news|co))\b",
    re.IGNORECASE,
)

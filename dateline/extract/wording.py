"""Words by which papers name the parts of a page, and phrases that are no part of any report.

Class names are matched after `names_of` made them lower-case words joined by "-". The words are those
that content systems and papers of many countries use; no publisher has an entry of its own. Phrases are matched at
the start of a block, so a report that speaks of a newsletter keeps its sentence.
"""

from __future__ import annotations

import re


def _names(*words: str) -> re.Pattern[str]:
    return re.compile(r"(?:^|[\s-])(?:" + "|".join(words) + r")(?=$|[\s-]|\d)")


# related stories, newsletters, adverts, sharing, tags, author boxes
PROMO_CLASS = _names(
    r"related(?!-?content-body)", r"recirc\w*", r"recommend\w*", r"newsletter\w*", r"subscri\w+", r"sign-?up\w*",
    r"shar(?:e|es|ing|er|ebar)", r"share-\w+", r"social(?:s|bar|media|-\w+)?(?!-embed)", r"follow(?:-us|-me|-button)?", r"promo\w*", r"advert\w*", r"ad", r"ads",
    r"ad-\w+", r"adslot", r"advertorial", r"sponsor\w*", r"outbrain", r"taboola", r"trending", r"popular",
    r"most-?read", r"most-?viewed", r"more-?(?:on|from|stories|news|like)", r"read-?(?:more|also|next)",
    r"see-?also", r"also-?read", r"up-?next", r"next-?article", r"prev-?article", r"breadcrumbs?\w*", r"tags?",
    r"tag-?(?:list|cloud|links)", r"topics?-?(?:list|links|nav)?", r"keywords?", r"toolbar", r"cookies?\w*",
    r"consent\w*", r"gdpr", r"paywall-?(?:box|offer|teaser|banner|message|barrier|cta)", r"piano", r"regwall", r"print-?only", r"screen-?reader\w*", r"sr-only",
    r"visually-?hidden", r"visuallyhidden", r"hidden", r"skip-?link", r"author-?(?:bio|box|info|card|profile|desc\w*|about)",
    r"about-?(?:the-)?author", r"bio", r"biography", r"disclaimer", r"disclosure", r"copyright", r"correction-?policy",
    r"trust\w*", r"feedback", r"rating\w*", r"poll", r"polls", r"vote\w*", r"quiz", r"survey", r"donat\w+", r"membership",
    r"app-?(?:banner|promo|download)", r"whatsapp", r"telegram", r"google-?(?:news|preferred)", r"teasers?-?(?:list|box|group)",
    r"teaserlist", r"link-?list", r"linklist", r"linkbox", r"jump-?links?", r"in-?article-?(?:links?|promo|related)",
    r"inline-?(?:related|promo|link|newsletter|teaser)", r"article-?(?:link|teaser|footer|tags|tools|actions|share|meta-bottom)",
    r"story-?(?:footer|tags|tools|link)", r"post-?(?:footer|tags|navigation|nav)", r"entry-?(?:footer|tags)",
    r"pagination", r"pager", r"site-?nav\w*", r"menu", r"megamenu", r"sidebar", r"masthead", r"toc", r"table-of-contents",
    r"comments?-?(?:count|link|button)", r"partner\w*", r"affiliate\w*", r"shop\w*", r"commerce", r"product-?(?:card|box)",
    r"liveblog-?teaser", r"slideshow\w*", r"gallery-?(?:teaser|link|nav)", r"player\w*", r"video-?(?:player|teaser|playlist|title|meta)",
    r"audio-?\w*", r"listen\w*", r"text-?to-?speech", r"duration", r"embed-?consent", r"privacy\w*", r"tooltip\w*", r"modal\w*", r"popup\w*", r"overlay\w*",
    r"rollover\w*", r"carousel\w*", r"swiper\w*", r"slider", r"ticker", r"push-?notification\w*", r"notification\w*", r"footnotes?-?nav",
)  # fmt: skip
COMMENT_CLASS = _names(
    r"comments?", r"comment-?(?:list|section|area|form|thread|body|wrapper|block|container)s?", r"disqus\w*",
    r"respond", r"replies", r"kommentare?", r"commentaires?", r"comentarios", r"user-?comments?", r"leserbrief\w*",
)  # fmt: skip
CAPTION_CLASS = _names(
    r"captions?", r"caption-?\w*", r"\w+-caption", r"wp-caption-text", r"credits?", r"figcaption", r"image-?(?:meta|text|info|desc\w*|source|title|copyright)",
    r"photo-?(?:credit|caption|meta|info)", r"picture-?(?:text|credit)", r"bildunterschrift", r"bildtext", r"bildnachweis",
    r"bildquelle", r"legende", r"legend", r"media-?(?:caption|credit|info|text|desc\w*)", r"leyenda", r"didascalia",
    r"gallery-?(?:caption|text|item-text)", r"img-?(?:caption|text|desc\w*)", r"copyright-?(?:image|info)",
)  # fmt: skip
BYLINE_CLASS = _names(
    r"bylines?", r"byline-?\w*", r"\w+-byline", r"authors?", r"author-?(?:name|s|line|list|wrapper|block|date)", r"\w+-authors?",
    r"autore?n?", r"auteur", r"firma", r"date-?line", r"datelines?", r"timestamps?", r"time-?stamp", r"pub-?date",
    r"publish\w*-?(?:date|time|info)?", r"date", r"datetime", r"posted-?(?:on|by|in)", r"article-?(?:meta|info|date|author|details)",
    r"entry-?meta", r"post-?(?:meta|info|date|author)", r"meta-?(?:info|data|line|author)", r"metadata", r"updated?", r"last-?updated",
    r"reading-?time", r"lesezeit", r"kicker", r"eyebrow", r"overline", r"dachzeile", r"roofline", r"topline", r"spitzmarke",
    r"category", r"section-?(?:name|label)", r"rubrik", r"contributors?", r"writers?", r"reporters?",
)  # fmt: skip
BOX_CLASS = _names(
    r"info-?box\w*", r"fact-?box\w*", r"facts?", r"fakta\w*", r"fakten\w*", r"side-?box", r"sidebar-?box", r"box-?info",
    r"background-?box", r"explainer-?box", r"hintergrund\w*", r"kasten", r"infokasten", r"despiece", r"encadre",
    r"call-?out", r"glossary", r"timeline-?box", r"accordion\w*",
)  # fmt: skip
LEAD_CLASS = _names(
    r"leads?", r"lead-?(?:text|in|paragraph)", r"lede", r"stand-?first", r"dek", r"deck", r"ingress\w*", r"intro",
    r"introduction", r"intro-?text", r"article-?(?:intro|lead|lede|summary|subtitle|excerpt|abstract|dek|preamble|standfirst|subheadline|description)",
    r"preamble", r"summary", r"sub-?title", r"sub-?head(?:line|ing)?", r"subtitulo", r"bajada", r"entradilla", r"copete", r"sumario",
    r"chapo", r"chapeau", r"standfirst\w*", r"vorspann", r"teaser-?text", r"anrei[sß]er", r"untertitel", r"abstract",
    r"excerpt", r"sommario", r"occhiello", r"catenaccio", r"manchet(?:te)?", r"underrubrik", r"vorlauftext", r"sapo",
    r"\w+-(?:standfirst|ingress|lead|intro|summary|subtitle|dek|excerpt|vorspann|subheadline)", r"description", r"hook", r"strapline", r"short-?intro",
)  # fmt: skip
CREDIT_CLASS = _names(
    r"\w*credits?", r"copyright\w*", r"bildnachweis", r"bildquelle", r"photographer", r"image-?source", r"source", r"attribution",
    r"\w+-(?:credit|copyright|source)",
)  # fmt: skip
PULL_CLASS = _names(
    r"pull-?quotes?", r"pullquote\w*", r"zitat-?box", r"quote-?(?:box|card)", r"blockquote-?highlight"
)

# what opens a block that is a call or a pointer, never a sentence of the report
_POINTER = (
    # English
    r"(?:read|see|know|learn|find out|hear|watch)\s+(?:more|also|next|now)\b.{0,6}[:|]", r"(?:also\s+)?read(?:\s+also)?\s*[:|]", r"(?:also\s+)?read\s*[-–—]",
    r"get\s+access\s+to\b", r"see\s+also\b", r"more\s*:", r"more\s+(?:on|from|about)\s+[^.]{0,80}:?$", r"related\s*(?:stor(?:y|ies)|articles?|content|coverage)?\s*:",
    r"related\s+posts?\s*:", r"(?:tempo de leitura|reading time|lesedauer|lesezeit|temps de lecture|tiempo de lectura)\b.{0,30}$",
    r"related\s+(?:stor(?:y|ies)|articles?|content|coverage|news|topics|links|video)s?$", r"don['’]t\s+miss\b(?:.{0,20}$|.*[\[(])", r"(?:most|just)\s+(?:read|popular|in)$",
    r"watch\s*:", r"listen\s*:", r"photos?\s*:", r"video\s*:", r"recommended\s*(?:stories|articles|reading)?:?$", r"editor['’]?s['’]?\s+(?:picks?|choice)$",
    r"sign\s+up\b", r"subscribe\b", r"get\s+(?:our|the|all the|breaking)\b.{0,60}\b(?:newsletter|inbox|alerts?|updates)\b",
    r"follow\s+(?:us|me|him|her|the author|\S+\s+on)\b", r"follow\s+.{1,60}\b(?:on|via)\s+(?:twitter|x|facebook|instagram|linkedin|youtube|google|whatsapp|telegram|threads|bluesky)\b",
    r"like\s+us\s+on\b", r"join\s+(?:our|us\s+on|the\s+conversation)\b", r"download\s+(?:our|the)\b.{0,40}\bapp\b", r"click\s+here\b.{0,160}$", r"(?:got|have)\s+a\s+(?:news\s+|story\s+)?tip\b",
    r"click\s+to\s+(?:share|email|print|subscribe)\b", r"share\s+this\b", r"share\s*(?:on|via)?\s*(?:facebook|twitter|whatsapp|email)?$", r"advertisement\b.{0,40}$",
    r"(?:article|story)\s+continues\s+(?:below|after)", r"story\s+continues$", r"scroll\s+(?:down\s+)?to\s+(?:continue|read)", r"continue\s+reading\b", r"skip\s+(?:to|past|advert)",
    r"(?:get|got)\s+(?:a\s+)?(?:story|in\s+touch|tip|news)\b.{0,120}(?:@|\?|touch|contact|email)", r"do\s+you\s+have\s+(?:a|any)\s+(?:story|tip|information)\b",
    r"for\s+more\s+(?:stories|news|information|on\s+this|of\s+the\s+latest|such|visit|like)\b.{0,160}$", r"(?:e-?mail|contact|reach|write\s+to)\s+(?:the\s+)?(?:reporters?|authors?|us|writers?|him|her|newsroom)\b",
    r"(?:additional\s+)?reporting\s+(?:by|from)\b", r"(?:writing|editing|edited|compiled|translated|translation|photography|illustrations?)\s+by\b", r"with\s+(?:files|inputs?|reporting|additional reporting)\s+(?:from|by)\b",
    r"our\s+standards\s*:", r"this\s+(?:article|story|post|report|content|piece)\s+(?:was|is|has been|first|originally)\b.{0,60}\b(?:published|appeared|republished|produced|generated|updated|syndicated|translated)\b",
    r"this\s+is\s+a\s+(?:breaking|developing)\s+(?:news|new|story)\b", r"the\s+(?:post|article)\s+.{1,200}\s+(?:appeared|first\s+appeared)\s+(?:first\s+)?on\b", r"(?:copyright|©|\(c\)\s)\s*", r"all\s+rights\s+reserved",
    r"(?:last\s+)?(?:updated|published|posted|modified)\s*(?:on|at)?\s*:?\s*.{0,12}\d.{0,40}$", r"(?:\d+|a|one|two)\s+min(?:ute)?s?(?:\s+read)?\.?$", r"by\s+(?:clicking|signing|submitting|subscribing|continuing|registering|entering|providing)\b",
    r"you\s+can\s+(?:unsubscribe|check out|opt[- ]out)\b", r"we\s+use\s+cookies\b", r"please\s+(?:enable|log|sign|subscribe|register|disable|note\s+that\s+our)\b", r"already\s+(?:a\s+)?(?:subscrib\w+|member|have an account)\b",
    r"(?:support|donate|help)\s+(?:us|our|independent|quality)\b.{0,100}$", r"the\s+views\s+expressed\b", r"(?:views|opinions)\s+expressed\s+(?:in|by|here)\b", r"image\s+(?:credit|source)s?\s*:", r"(?:photo|image|picture|credit|source|pictured?)\s*:\s",
    r"(?:what\s+do\s+you\s+think|have\s+your\s+say|let\s+us\s+know)\b.{0,80}comments?\b", r"(?:view|show|load|leave\s+a|post\s+a|add)\s+(?:all\s+)?(?:more\s+)?comments?\b", r"comments?(?:\s*\(\d+\))?$", r"purchase\s+licensing\b", r"report\s+(?:a\s+)?(?:typo|error|correction)\b",
    r"terms\s+(?:of|and)\b.{0,40}$", r"privacy\s+(?:policy|notice)\b.{0,40}$", r"trending(?:\s+now|\s+stories)?$", r"top\s+stories$", r"latest\s+(?:news|stories)$", r"(?:in\s+)?other\s+news$", r"you\s+(?:may|might)\s+(?:also\s+)?(?:like|be\s+interested)\b",
    r"tags?\s*:", r"topics?\s*:", r"filed\s+(?:under|to)\b", r"explore\s+more\b", r"tap\s+here\b", r"our\s+community\s+members\s+are\b", r"listen\s+to\s+(?:this|the)\s+(?:article|story)",
    # German
    r"(?:lesen|lies|hören|sehen|schauen|erfahren)\s+(?:sie|mehr)?\s*(?:auch|dazu|hier|mehr|jetzt|weiter)\b.{0,60}[:|]", r"lesen\s+sie\s+(?:auch|hier|dazu|mehr|weiter)\b", r"lesen\s+sie\s+.{0,60}\b(?:auch|dazu)\s*:", r"(?:auch|jetzt)\s+(?:interessant|lesen)\b", r"mehr\s+(?:zum\s+thema|dazu|themen|aus|über|lesen|infos?|nachrichten|artikel)\b.{0,60}$", r"mehr\s+zu[rm]?\s+.{0,60}:?$",
    r"(?:weitere|aktuelle|alle)\s+(?:artikel|meldungen|nachrichten|themen|informationen|news|infos|beiträge|updates)\b.{0,120}$", r"(?:das\s+könnte|auch\s+interessant|passend\s+dazu|zum\s+thema)\b.{0,40}$", r"(?:zur|zum)\s+(?:startseite|artikel|homepage|autor)\b", r"anzeige$", r"werbung$", r"(?:jetzt|hier)\s+(?:abonnieren|anmelden|registrieren|bestellen|klicken)\b", r"abonnieren\s+sie\b", r"melden\s+sie\s+sich\b.{0,60}newsletter", r"folge[nt]?\s+(?:sie\s+)?(?:uns|du)\b",
    r"folgst\s+du\b", r"(?:redaktion|faktencheck|recherche|mitarbeit|text|autorin?|kommunikation|illustration|fotos?|bild|quelle|grafik|video|übersetzung|design|sendung)\s*(?:und\s+\w+)?\s*:\s", r"(?:ein\s+)?klick\s+für\s+den\s+datenschutz", r"empfohlener\s+(?:redaktioneller\s+)?inhalt", r"externer?\s+inhalt", r"(?:an\s+dieser\s+stelle|hier)\s+(?:finden\s+sie|befindet\s+sich)\b.{0,40}(?:inhalt|externe)", r"mit\s+(?:material|informationen)\s+(?:von|der)\b.{0,30}$", r"dies(?:er|es|e)?\s+(?:ist\s+eine\s+maschinelle|artikel|text|beitrag|stück|inhalt)\s.{0,80}\b(?:übersetz|erschien|zuerst|veröffentlicht|aktualisiert|erstellt)", r"den\s+originalartikel\b", r"lest\s+den\s+originalartikel\b", r"\(?stand\s*:\s*\d", r"hinweis\s+der\s+redaktion", r"teilen$", r"drucken$", r"kommentare?(?:\s*\(?\d*\)?)$", r"sie\s+haben\s+hinweise\b", r"in\s+eigener\s+sache\b", r"startseite$", r"über\s+dieses\s+thema\s+berichtete\b",
    # French
    r"(?:à|a)\s+(?:lire|voir|écouter)\s*(?:aussi|également|sur)?\b.{0,20}[:|]?", r"lire\s+(?:aussi|également|la suite|notre)\b", r"voir\s+aussi\b", r"(?:abonnez|inscrivez|connectez)-vous\b", r"partager(?:\s+(?:sur|cet|l)|$)", r"publicité$", r"suivez[- ](?:nous|l)\b", r"crédits?\s+photos?\b", r"la\s+suite\s+(?:après|sous)\b", r"cet\s+article\s+(?:est|a\s+été)\b.{0,60}\b(?:publié|réservé|initialement)",
    # Spanish, Portuguese, Italian
    r"(?:lee|lea|leer|ver|vea|mira|puedes\s+leer|te\s+puede\s+interesar|le\s+puede\s+interesar|más\s+información|noticias?\s+relacionad\w+)\b\s*(?:también|más|además|aquí)?\s*[:|]", r"(?:lee|lea|leer|ver)\s+(?:también|más)\b", r"te\s+puede\s+interesar\b", r"(?:suscr[íi]be\w*|reg[íi]strate|s[íi]guenos|síganos|apúntate)\b", r"compartir(?:\s+en|$)", r"publicidad$", r"(?:leia|veja)\s+(?:também|mais)\b", r"(?:siga|inscreva-se|assine)\b.{0,60}(?:instagram|facebook|twitter|canal|newsletter|whatsapp)", r"publicado\s+por\s*:", r"(?:leggi|guarda|vedi)\s+anche\b", r"(?:iscriviti|seguici|abbonati)\b", r"riproduzione\s+riservata", r"©\s*riproduzione", r"\(?foto\s*:", r"comprobar(?:lo)?\s+aquí",
    # Nordic, Dutch
    r"(?:les|læs|läs)\s+(?:også|også:|også\s|också|mer|mere|flere|mere\s+om|fler)\b.{0,6}", r"se\s+(?:også|också|video|bildene)\b.{0,4}[:|]?", r"(?:foto|kilde|källa|kilder|tekst|text|bild)\s*:\s", r"(?:følg|följ)\s+(?:oss|os)\b", r"(?:annonse?|reklame|saken\s+fortsetter|artikkelen\s+fortsetter|annons)\b.{0,40}$", r"del$", r"lees\s+(?:ook|meer|verder)\b", r"bekijk\s+ook\b", r"schrijf\s+je\s+in\b", r"volg\s+ons\b", r"advertentie$",
    # Polish, Russian, Lithuanian, Vietnamese, Turkish
    r"(?:czytaj|zobacz|przeczytaj)\s+(?:też|także|również|więcej)\b", r"(?:reklama|udostępnij)$", r"(?:czytajte|читайте|смотрите)\s+(?:также|ещё|еще|нас)\b", r"подпис(?:ывайтесь|аться)\b", r"фото\s*:", r"реклама$", r"(?:taip\s+pat\s+)?skaitykite\b", r"(?:xem\s+thêm|đọc\s+thêm)\b", r"(?:ayrıca\s+)?(?:okuyun|bakınız)\b", r"ilgili\s+haber\w*\s*:?",
    # Chinese, Japanese, Hindi
    r"(?:相关(?:阅读|新闻|报道)|延伸阅读|責任編輯|责任编辑|编辑|分享(?:到|让)|原标题)\s*[:：]?", r"[（(]责(?:任)?编", r"関連(?:記事|ニュース|リンク)", r"(?:あわせて|併せて)読みたい", r"完了しました$", r"(?:広告|スポンサーリンク)$", r"シェア$", r"कॉपी\s*लिंक$", r"(?:यह|ये)\s+(?:भी|खबर)\s+(?:पढ़ें|पढ़ें)",
)  # fmt: skip
POINTER = re.compile(r"^[\W_]{0,6}(?:" + "|".join(_POINTER) + ")", re.I)
# what stands below a picture
CREDIT = re.compile(
    r"^[\W_]{0,3}(?:quelle|source|photo|foto|bild|image|picture|credit|copyright|©|fuente|crédits?|zdjęcie|фото|ảnh)"
    r"(?:\s*:|\s+(?:by|par|von|de|via)\b|\s*©).{0,80}$|^©.{0,80}$",
    re.I,
)
# who else worked on a report, wherever the block says so
CONTRIBUTORS = re.compile(
    r"\bcontributed\s+(?:reporting|(?:to\s+)?(?:this|the)\s+(?:report|story|article))\b"
    r"|^[\W_]*(?:the\s+)?(?:associated\s+press|reuters|ap|afp)\b.{0,80}\bcontributed\b",
    re.I,
)
# what says that a paragraph is about its author
ROLE = re.compile(
    r"\b(?:reporter|correspondent|editor|writer|columnist|journalist|author|contributor|fellow|professor|lecturer"
    r"|redakteur\w*|korrespondent\w*|reporterin|journalistin|autorin|autor|volont\w+|chefredak\w+|leitet|berichtet|schreibt"
    r"|journaliste|r[ée]dact\w+|periodista|redactora?|giornalista|journalist\w*|dziennikarz\w*)\b",
    re.I,
)
# nothing but a place for an address, a handle or a phone
CONTACT = re.compile(r"^(?:[^.!?]{0,60}(?:@[\w.-]+\.\w{2,}|@\w{3,})[^.!?]{0,40})$", re.I)
BYLINE = re.compile(
    r"^(?:by|von|par|por|di|da|af|av|door|przez|text(?:\s+by)?|words\s+by|story\s+by|written\s+by|reported\s+by|une?\s+\w+\s+de)\s*:?\s+"
    r"(?!the\b|a\b|an\b|now\b|then\b|all\b|der\b|den\b|dem\b|la\b|el\b|un\b)[^.!?:;]{3,90}$",
    re.I,
)
DATE_LINE = re.compile(
    r"^[^.!?]{0,40}(?:\d{1,2}[./:-]\d{1,2}[./:-]\d{2,4}|\b(?:19|20)\d\d\b)[^.!?]{0,12}"
    r"(?:[|,–-]?\s*(?:um|at|à|a las|kl\.?|ore)?\s*\d{1,2}[:.h]\d{2}[^.!?]{0,30})?$",
    re.I,
)

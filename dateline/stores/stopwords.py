"""Words that say nothing about what a text is about, by language.

Articles, pronouns, prepositions, conjunctions and auxiliaries: written by hand, short on purpose. A
word that stands here is still indexed, so that phrases hold; it is only not asked for when it stands
beside others ("the sanctions" asks for "sanctions").
"""

from __future__ import annotations

_LISTS = {
    "en": """
        a about after again all also am an and any are as at be because been before being between
        both but by can could did do does doing down during each few for from further had has have
        having he her here hers him his how i if in into is it its itself just me more most my no
        nor not of off on once only or other our ours out over own same she should so some such than
        that the their theirs them then there these they this those through to too under until up us
        very was we were what when where which while who whom why will with would you your yours
    """,
    "de": """
        aber alle allem allen aller alles als also am an ander andere anderem anderen auch auf aus
        bei bin bis bist da damit dann das dass daß dein dem den denn der des die dies diese diesem
        diesen dieser dieses doch dort du durch ein eine einem einen einer eines er es euch euer für
        gegen habe haben hat hatte hatten hier hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer
        im in ins ist ja jede jedem jeden jeder jedes jetzt kann kein keine keinem keinen keiner man
        mehr mein mich mir mit nach nicht noch nun nur ob oder ohne sehr sein seine seinem seinen
        seiner seit selbst sich sie sind so über um und uns unser unter vom von vor wann war waren
        warum was weg weil wenn wer werde werden wie wir wird wo wurde wurden zu zum zur zwischen
    """,
    "fr": """
        a à afin ai ainsi alors après as au aucun aussi autre aux avait avaient avant avec avoir c
        car ce ceci cela ces cet cette ceux chez comme comment d dans de depuis des donc dont du
        elle elles en encore entre est et étaient était été être eu eux fait fut ici il ils j je
        jusque l la le les leur leurs lui m ma mais même mes moi mon n ne ni nos notre nous on ont
        ou où par parce pas pendant peu plus pour pourquoi qu quand que quel quelle quelles quels
        qui quoi s sa sans se ses si sien son sont sous sur t ta tandis te tes toi ton tous tout
        toute toutes très tu un une vers vos votre vous y
    """,
    "es": """
        a al algo algunos ante antes aquel aquella como con contra cual cuando de del desde donde
        durante e el él ella ellas ellos en entre era eran es esa esas ese eso esos esta está están
        estas este esto estos fue fueron ha había haber han hasta hay la las le les lo los más me mi
        mí mientras muy nada ni no nos nosotros o os otra otras otro otros para pero poco por porque
        que qué quien quienes se sea según ser si sí sido sin sobre son su sus también tanto te
        tiene tienen todo todos tras tu tú un una unas uno unos y ya yo
    """,
    "it": """
        a ad agli ai al alla alle allo anche avere aveva c che chi ci coi col come con contro cui d
        da dagli dai dal dalla dalle dallo degli dei del della delle dello di dopo dove e è ed era
        erano essere fra gli ha hanno i il in io l la le lei li lo loro lui ma mentre mi mia mio ne
        nei nel nella nelle nello no noi non nostro o ogni per perché più poi prima quale quando
        quanto quella quelle quelli quello questa queste questi questo qui se sé senza si sia solo
        sono sta stata stati stato su sua sue sugli sui sul sulla sulle suo suoi tra tu tutti tutto
        un una uno vi voi
    """,
    "pt": """
        a à ao aos as às até com como da das de dela dele deles depois do dos e é ela elas ele eles
        em entre era eram essa esse esta está estão este eu foi foram há isso isto já lhe mais mas
        me mesmo meu minha muito na nas não nem no nos nós num numa o os ou para pela pelas pelo
        pelos por qual quando que quem se sem ser seu seus só sobre sua suas também te tem têm teve
        um uma você
    """,
    "nl": """
        aan al alles als altijd andere ben bij daar dan dat de der deze die dit doch doen door dus
        een en er ge geen had heb hebben heeft hem het hier hij hoe hun iemand iets ik in is ja je
        kan kon maar me meer men met mij mijn na naar niet nog nu of om omdat ons ook op over reeds
        te tegen toch toen tot u uit uw van veel voor want waren was wat we wel werd wie wij wil
        worden zal ze zelf zich zij zijn zo zonder zou
    """,
    "sv": """
        alla allt att av blev bli blir då de dem den denna deras dess det detta dig din du efter ej
        eller en er ett för från ha hade han hans har henne hennes hon honom hur i icke in ingen
        inom inte jag kan kunde man med mellan men mig min mot mycket när nu och om oss på sedan sig
        sin sina så skulle som till under upp ut utan vad var vara vi vid vilken är över
    """,
    "da": """
        ad af alle alt at begge blev bliver da de dem den denne der deres det dette dig din dog du
        efter eller en end er et for fra ham han hans har havde hende hendes her hos hun hvad hvis
        hvor i ikke ind jeg kan kunne man med meget men mig min mod ned når nu og også om op os over
        på sig sin skal skulle som så til ud under var ved vi vil ville være
    """,
    "no": """
        alle at av både blei ble blir da de deg dei dem den denne der deres det dette du eg ein eit
        eller en enn er et etter for fra før ha hadde han hans har henne hennes her hun hva hvis
        hvor i ikke ikkje inn ja jeg kan kunne man med meg mellom men mot mye nå når og også om opp
        oss over på seg sin sitt skal skulle slik som så til ut være var ved vi vil ville
    """,
    "ru": """
        а без более бы был была были было быть в вам вас весь во вот все всего всех вы где да даже
        для до его ее её если есть еще ещё же за здесь и из или им их к как ко когда кто ли лишь
        меня мне может мы на над надо нас не него нее неё нет ни них но ну о об однако он она они
        оно от очень по под при с со так также такой там те тем то того тоже той только том ты у уже
        хотя чего чей чем что чтобы чье эта эти это этого этой этом этот я
    """,
}

STOPWORDS: dict[str, frozenset[str]] = {
    language: frozenset(words.split()) for language, words in _LISTS.items()
}

"""Identity of a URL: one article keeps one id, whatever link led to it.

`normalise` gives the form that ids are made from: it is compared, never fetched. http and https,
`www.`, AMP and print variants, tracking parameters, the order of parameters and the fragment do not
make another article. `unwrap` takes the publisher's own address out of a redirecting link that
carries it. None of these functions raises on a stranger's input: what is no web address comes back
with its white space stripped, and so still has a stable id.

Ours, and not a library's, after trying those at hand: w3lib's `canonicalize_url` and courlan's
`normalize_url` take 120-140 µs a call, raise on `http://[`, and keep the port or the dot segments;
courlan's strict mode also drops parameters that name an article (`cid`, `uid`, `eid`). The list of
tracking parameters follows the public lists of AdGuard and ClearURLs.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import re
import unicodedata
from urllib.parse import SplitResult, parse_qsl, quote, unquote, unquote_to_bytes, urlsplit

# Prefixes and names of parameters that say who sent the reader, never which page was asked for.
_TRACKING = re.compile(
    r"(?:utm|mtm|pk|piwik|matomo|hsa|mc|mkt|ml|oly|vero|at|itm|ga|gs|fb|ns|sc|wt|cm|trk|ito|stm|cmp|sfmc|_?hs)_\w*"
    r"|_(?:ga|gl|openstat|ke|hsenc|hsmi)|hsctatracking|fbclid|gclid|dclid|gclsrc|msclkid|twclid|ttclid|yclid|ysclid"
    r"|wbraid|gbraid|igshid|igsh|epik|li_fat_id|s_kwcid|zanpid|rb_clickid|mkt_tok|mibextid|cmpid|cmp|ncid|icid|ocid"
    r"|intcid|ftag|taid|smid|smtyp|sref|xtor|ref|ref_?src|ref_?url|referr?er|partnerid|mbid|wtrid|wprov|spm|shareid"
    r"|share_?token|guccounter|guce_referrer\w*|src_?trk|emci|emdi|ceid|ss_(?:source|campaign\w*)|trackingid|trk"
    r"|trkcampaign|nl_?id|newsletter_?id|et_?rid|cndid|esrc|usg|ved|oref|cvid|dm_i|elq\w*|rtid|campaign_?id|s_cid"
    r"|ck_subscriber_id|__twitter_impression|echobox|soc_(?:src|trk)|via"
    r"|outputtype|amp|amp_js_v|usqp|print|printable|printview|isprint|view_as_print",
    re.IGNORECASE,
)
_SCHEMES = ("http", "https")
_SUBDOMAIN = re.compile(r"^(?:(?:www?\d{0,2}|m|mobile|amp|print)\.(?=[^.]+\.[^.]))+")
_VARIANT = re.compile(
    r"^/(?:amp|print)(?=/.)"  # /amp/story
    r"|/(?:amp|amphtml|print|printable|printview|drucken|imprimer|imprimir)/?$"  # story/amp
    r"|\.amp(?=$|\.html?$)|[._-](?:amp|print)(?=\.html?$)"  # story.amp.html, story-print.html
    r"|(?<=/)(?:index|default)\.(?:html?|php|aspx?|jsp)$",
    re.IGNORECASE,
)
_VARIANT_MARKS = ("amp", "print", "drucken", "imprim", "index.", "default.")  # one is in each variant
_CONTROL = re.compile(r"[\x00-\x20\x7f]+")
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SAFE = "/%:@!$&'()*+,;=~-._[]|"  # kept as they stand: publishers write them both ways, servers agree


def normalise(url: str) -> str:
    """The form of `url` that its identity is made from, always https. Never raises.

    What is not http or https (or has no host) is returned stripped, otherwise as it stands.
    Calling it on its own answer changes nothing.
    """
    url = url.strip()
    for _ in range(8):  # an AMP cache carries another address; deeper than this is somebody's joke
        try:
            parts = urlsplit(_CONTROL.sub("", url))
            host = _host(parts.hostname or "")
            port = parts.port
        except ValueError:
            return url
        if parts.scheme not in _SCHEMES or not host:
            return url
        path = _path(parts.path)
        if not (carried := _amp_cached(host, path)):
            break
        url = f"https://{carried}?{parts.query}"
    host = _SUBDOMAIN.sub("", host)
    network = f"[{host}]" if ":" in host else host
    if port is not None and port not in (80, 443):
        network += f":{port}"
    query = _query(parts.query)
    return f"https://{network}{path}{'?' + query if query else ''}"


def _amp_cached(host: str, path: str) -> str | None:
    """ "publisher/path" where the address is Google's copy of an AMP page."""
    if host.endswith(".cdn.ampproject.org"):
        match = re.match(r"/[vcia]/(?:s/)?([^/]+\.[^/]+/.*)", path)
    elif host.startswith(("google.", "www.google.")):
        match = re.match(r"/(?:amp/)?s/([^/]+\.[^/]+/.*)", path)
    else:
        return None
    return match[1] if match else None


def _host(name: str) -> str:
    """Lower-case, in ASCII (IDNA), without the dot that ends a rooted name."""
    name = name.rstrip(".").lower()
    if name.isascii():
        return name
    import idna  # only for the few names that need it

    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return name


def _escape(text: str) -> str:
    """Percent signs one way: upper-case, none for unreserved characters, all for the rest."""
    if "%" in text:
        text = _ESCAPE.sub(_one_escape, text)
        text = re.sub(r"%(?![0-9A-F]{2})", "%25", text)
    return quote(text, safe=_SAFE) if not text.isascii() or _unsafe(text) else text


def _one_escape(match: re.Match[str]) -> str:
    char = chr(int(match[0][1:], 16))
    return char if char in _UNRESERVED else match[0].upper()


_UNSAFE = re.compile(r"[^A-Za-z0-9/%:@!$&'()*+,;=~\-._\[\]|]")


def _unsafe(text: str) -> bool:
    return _UNSAFE.search(text) is not None


def _path(path: str) -> str:
    path = _escape(path)
    if "/." in path:
        kept: list[str] = []
        for segment in path.split("/")[1:]:
            if segment == "..":
                del kept[-1:]
            elif segment != ".":
                kept.append(segment)
        path = "/" + "/".join(kept) + ("/" if path.endswith(("/.", "/..")) and kept else "")
    if "//" in path:
        path = re.sub(r"/{2,}", "/", path)
    if any(mark in path.casefold() for mark in _VARIANT_MARKS):
        while (shorter := _VARIANT.sub("", path)) != path:  # one variant can hide another
            path = shorter
    return path.rstrip("/") or "/"


def _query(query: str) -> str:
    if not query:
        return ""
    kept = []
    for pair in re.split(r"[&;]", query):
        name, mark, value = pair.partition("=")
        if name and not _TRACKING.fullmatch(unquote(name)):
            kept.append(_escape(name) + ("=" + _escape(value) if mark else ""))
    return "&".join(sorted(kept))


def host_of(url: str | None) -> str:
    """The host of an address in lower case, "" where there is none: a stranger's "http://[" is no error."""
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:
        return ""


def article_id(url: str) -> str:
    """32 hex digits that every variant of `url` shares."""
    return _digest(normalise(url))


def text_id(text: str) -> str:
    """32 hex digits for an item without a link: the same words give the same id.

    White space, case, the kind of quotation mark and Unicode composition do not count.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _digest("text:" + " ".join(re.findall(r"\w+", folded)))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


# --- the publisher's address out of a tracker ---------------------------------------------------

# Parameters in which redirectors carry the address. Without a redirector's look around them, only
# an absolute address in one of these counts: a share button's `u=` and an archive's `url=` too.
_CARRIERS = frozenset(
    """url u q to target dest destination redirect redirect_url redirect_uri redir goto go link l r rurl out
    href location uri murl adurl deeplink desturl dest_url target_url targeturl ued lnk page_url original_url
    originalurl next clickurl click_url a p p1 continue return returnurl return_url""".split()
)
# A page whose own parameter holds an address is not a redirect if its path says what it does with it.
_KEEPS = re.compile(
    r"/(?:login|signin|sign-in|log-in|auth|account|oauth\w*|subscribe|register|search|wp-login|sso|consent"
    r"|embed|oembed|proxy|resize|image|img|comments?|services/feed)\b",
    re.IGNORECASE,
)
_URLDEFENSE = re.compile(r"^(?:[\w-]+\.)?urldefense(?:\.proofpoint)?\.(?:com|us)$")
_WEB = re.compile(r"^https?://[^\s/]{3,}", re.IGNORECASE)
_INSIDE = re.compile(r"(?<=[^/:])/(https?:/{1,2}[^\s/].*)$", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z0-9_\-+/]{12,}={0,2}")
_ARCHIVES = re.compile(
    r"(?:^|\.)(?:web\.archive\.org|archive\.(?:org|today|is|ph|md|li)|webcache\.\w+\.com)$"
)
_DEPTH = 8


def unwrap(url: str) -> str:
    """The publisher's own address out of trackers and safe links that carry it, however deep.

    Reads what stands in the link: parameters (plain, percent-encoded several times, base64,
    base64url, hex), addresses in the path, Proofpoint's versions 1 to 3. A tracker that keeps the
    address on its own server is returned as it is: only following it tells. So are web archives,
    log-in pages and links that carry nothing. Parameters of the publisher's address stay. Never
    raises.
    """
    url = html.unescape(url).strip() if "&amp;" in url else url.strip()
    if not _may_carry(url):
        return url
    seen = {url}
    for _ in range(_DEPTH):
        try:
            carried = _carried(url)
        except (ValueError, UnicodeError):
            break
        if not carried or carried in seen:
            break
        url = carried
        seen.add(url)
    return url


def _may_carry(url: str) -> bool:
    """A cheap look before the dear one: an address, an escape or a token's capitals behind the host."""
    rest = url[12:]  # past "https://www."
    return (
        "http" in rest
        or "%" in rest
        or "www." in rest
        or "=//" in rest
        or "68747470" in rest
        or rest != rest.lower()
    )


def _carried(url: str) -> str | None:
    """The address one wrapping further in, or None."""
    if not _WEB.match(url) or len(url) > 65536:
        return None
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if _ARCHIVES.search(host):
        return None
    if _URLDEFENSE.match(host):
        return _proofpoint(parts, url)
    if _KEEPS.search(parts.path):
        return None
    query = parts.query
    if query[:4].lower() == "http" and (found := _address(query)):
        return found
    redirects = _REDIRECTING.search(host) or _REDIRECTING.search(parts.path[:80])
    for name, value in parse_qsl(query, max_num_fields=200):
        if (redirects or name.lower() in _CARRIERS) and (found := _address(value, guess=True)):
            # an address left bare in the query loses its own parameters to the wrapper's
            return _bare_tail(query, name, found)
    if query and "=" not in query and (found := _address(query, guess=True)):
        return found
    if inside := _INSIDE.search(url):
        return _address(re.sub(r"^(https?:)/+", r"\1//", inside[1]))
    for segment in (*parts.path.split("/"), parts.fragment):
        # a whole address, or base64 that turns into one, is no slug by chance
        if len(segment) >= 12 and (found := _address(segment, guess=True)):
            return found
    return None


_REDIRECTING = re.compile(
    r"(?:^|[.-])(?:clicks?|track|tracking|tracker|trk|links?|redirect|redir|go|email|mail|e|r|t|ct|lnk|url\d*"
    r"|newsletters?|nl|safelinks|out|away|em|sendgrid|mailchimp|list-manage\d*|substack|mandrillapp|hubspotlinks"
    r"|awstrack|sailthru|exct|mlsend|beehiiv|cmail\d+|createsend\d*|feedproxy|getpocket)(?:[.-]|\d|$)"
    r"|/(?:clicks?|track|redirect|redir|c|r|l0|cl0|go|out|link|rd|ct|l\.php|away|wf)(?:/|\.php|$)",
    re.IGNORECASE,
)
# What the best-known redirectors put beside an address that they left bare.
_WRAPPERS_OWN = re.compile(
    r"(?:ct|cd|usg|sa|rct|s?data|reserved|utm_\w+|h|s|k|m|e|c|d|id|sig|hash)(?:=|$)", re.IGNORECASE
)


def _bare_tail(query: str, name: str, found: str) -> str:
    """`url=https://a/b?x=1&y=2` unencoded: `y` is the carried address's own, unless the wrapper's."""
    at = query.find(f"{name}=http")
    if at < 0 or "?" not in found:
        return found
    tail = query[at + len(name) + 1 :].split("&")[1:]
    own = [pair for pair in tail if not _WRAPPERS_OWN.match(pair)]
    return "&".join([found, *own])


def _address(text: str, guess: bool = False) -> str | None:
    """`text` as a web address: as it stands, percent-decoded up to four times, or out of base64."""
    for _ in range(4):
        if _WEB.match(text):
            # still encoded as a whole only if its first slashes are; else its own escapes stay
            return text if "." in text.split("/")[2] or "localhost" in text or _has_port(text) else None
        decoded = unquote(text)
        if decoded == text:
            break
        text = decoded
    if not guess:
        return None
    if text.startswith("//") and re.match(r"//[\w-]+(?:\.[\w-]+)+/", text):
        return "https:" + text
    if re.match(r"www\.[\w-]+\.[a-z]{2,}/\S", text):
        return "https://" + text
    return _from_token(text)


def _has_port(text: str) -> bool:
    return re.match(r"https?://[\w.-]+:\d+", text) is not None


_IN_TOKEN = re.compile(rb"https?(?::|%3a)(?:\\*/|%2f){2}[^\x00-\x20\"'<>\x7f]{4,}", re.IGNORECASE)


def _from_token(text: str) -> str | None:
    """A web address inside base64, base64url or hex, also as a JSON or protobuf value there."""
    match = _TOKEN.search(text)
    if not match or len(text) > 16384:
        return None
    candidates = [text, *re.split(r"[.:]", text)] if "." in text or ":" in text else [match[0]]
    for token in candidates:
        token = token.strip()
        if len(token) < 12 or not _TOKEN.fullmatch(token):
            continue
        raw = _decode_token(token)
        start = raw.lower().find(b"http")
        if start < 0:
            continue
        inner = _IN_TOKEN.match(raw, start)
        if not inner:
            continue
        try:
            found = inner[0].decode("utf-8")
        except UnicodeDecodeError:
            found = inner[0].decode("ascii", "ignore")
        found = re.sub(r"\\+/", "/", found).rstrip("\\")
        return unquote(found) if "%3a" in found[:9].lower() else found
    return None


def _decode_token(token: str) -> bytes:
    if len(token) % 2 == 0 and re.match(r"(?i)68747470", token) and re.fullmatch(r"[0-9a-fA-F]+", token):
        return bytes.fromhex(token)
    padded = token.rstrip("=").replace("+", "-").replace("/", "_")
    if len(padded) % 4 == 1:  # no base64 has this length: cut off on the way, or glued to something
        padded = padded[:-1]
    try:
        return base64.urlsafe_b64decode(padded + "=" * (-len(padded) % 4))
    except (binascii.Error, ValueError):
        return b""


def _proofpoint(parts: SplitResult, url: str) -> str | None:
    """URL Defense: v1 percent-encodes, v2 writes - for % and _ for /, v3 sets odd bytes apart."""
    if "/v3/__" in url:
        match = re.search(r"/v3/__(.+?)__;([^!]*)!", url)
        if not match:
            match = re.search(r"/v3/__(.+?)__(?:;|$)()", url)
        if not match:
            return None
        padded = match[2] + "=" * (-len(match[2]) % 4)
        letters = iter(base64.urlsafe_b64decode(padded).decode("utf-8", "replace"))
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

        def restore(run: re.Match[str]) -> str:
            size = alphabet.index(run[1]) + 2 if run[1] else 1
            return "".join(next(letters, "") for _ in range(size))

        restored = re.sub(r"\*(?:\*(.))?", restore, match[1]) if match[2] else match[1]
        return re.sub(r"^(https?:)/+", r"\1//", restored)
    value = dict(parse_qsl(parts.query)).get("u", "")
    if "/v2/" in parts.path:
        value = unquote_to_bytes(value.translate(str.maketrans("-_", "%/"))).decode("utf-8", "replace")
    return _address(html.unescape(value))

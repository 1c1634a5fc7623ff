"""pyexpat and what stands on it."""
import io
import plistlib
import xml.dom.minidom
import xml.etree.ElementTree as ET
import xml.sax
from xml.parsers import expat

DOC = b"""<?xml version="1.0" encoding="iso-8859-1" standalone="yes"?>
<!-- a comment -->
<?target some data?>
<!DOCTYPE quotations SYSTEM "quotations.dtd" [
<!ELEMENT root ANY>
<!ELEMENT pair (a, (b|c)*, d?)>
<!ATTLIST root attr1 CDATA #REQUIRED attr2 CDATA #IMPLIED attr3 (x|y) "x">
<!NOTATION notation SYSTEM "notation.jpeg">
<!ENTITY acirc "&#226;">
<!ENTITY external_entity SYSTEM "entity.file">
<!ENTITY unparsed_entity SYSTEM "entity.file" NDATA notation>
<!ENTITY nested "<i>&acirc;</i>">
]>
<root attr1="value1" attr2="value2&#8000;\t\n x">
<myns:subelement xmlns:myns="http://www.python.org/namespace">
     Contents of subelements &amp; more
</myns:subelement>
<sub2><![CDATA[contents of
CDATA section]]></sub2>
&external_entity;&nested;
\xb5<empty/>
</root>
"""


def record(p, *skip):
    for name in dir(p):
        if name.endswith("Handler") and name not in skip and "Default" not in name:
            def handler(*args, name=name):
                print(name[:-7], args)
                return 1
            setattr(p, name, handler)


print("-- all events")
p = expat.ParserCreate()
record(p)
p.Parse(DOC, True)

print("-- namespaces, byte by byte, ordered")
p = expat.ParserCreate(namespace_separator="!")
p.ordered_attributes = p.specified_attributes = p.buffer_text = True
record(p, "ElementDeclHandler", "AttlistDeclHandler")
for i in range(len(DOC)):
    p.Parse(DOC[i:i + 1])
p.Parse(b"", True)

print("-- default handler")
p = expat.ParserCreate()
p.DefaultHandler = lambda s: print("default", repr(s))
p.StartElementHandler = lambda *a: print("start", a)
p.Parse("<a b='c'>text &lt; <!-- c --><?p i?><b/></a>", True)

print("-- errors")
for text in ("", "<a>", "<a></b>", "<a/><b/>", "<a b='1' b='2'/>", "<a>&u;</a>", "<a>&#0;</a>", "<a",
             "<a><![CDATA[x", "x", "<a>\x01</a>", "<a>]]></a>", " <?xml version='1.0'?><a/>",
             "<a b=c/>", "<a b='<'/>", "<!DOCTYPE a [<!ENTITY e '&e;'>]><a>&e;</a>", "<1/>",
             "<?xml version='1.0' encoding='utf-16'?><a/>", "<a>\n\n  </a ><b", "<!-- -- --><a/>",
             "<!DOCTYPE a [<!ENTITY e '<b>'>]><a>&e;</a>", "<é/>", "<a é='ü'>€</a><"):
    p = expat.ParserCreate()
    try:
        p.Parse(text.encode(), True)
        print("fine", repr(text))
    except expat.ExpatError as e:
        print(repr(text), "->", e, e.code, e.lineno, e.offset)
p = expat.ParserCreate(namespace_separator=" ")
try:
    p.Parse("<a:b/>", True)
except expat.error as e:
    print(e, expat.errors.messages[e.code] == expat.errors.XML_ERROR_UNBOUND_PREFIX)
print(expat.ErrorString(4), expat.errors.codes["undefined entity"])


def boom(*args):
    raise KeyError(args)


p = expat.ParserCreate()
p.EndElementHandler = boom
try:
    p.Parse("<a><b/></a>", True)
except KeyError as e:
    print("raised", e, p.CurrentLineNumber, p.CurrentColumnNumber, p.CurrentByteIndex)

print("-- encodings")
for encoding in ("utf-8", "utf-16", "iso-8859-1", "cp1252", "ascii"):
    text = "<?xml version='1.0' encoding='%s'?><a b='\xe9'>\xe9\xfc</a>"
    data = (text % encoding).encode(encoding, "xmlcharrefreplace")
    e = ET.fromstring(data)
    print(encoding, e.attrib, e.text)
try:
    expat.ParserCreate().Parse("<?xml version='1.0' encoding='none'?><a/>".encode(), True)
except LookupError as e:
    print(e)

print("-- external entities")


def external(context, base, system, public):
    print("external", context, base, system, public)
    sub = p.ExternalEntityParserCreate(context)
    sub.Parse("<b>inside</b>" if context else "<!ENTITY more 'from outside'>", True)
    return 1


p = expat.ParserCreate()
p.SetBase("base/")
p.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_ALWAYS)
p.ExternalEntityRefHandler = external
p.StartElementHandler = lambda *a: print("start", a)
p.CharacterDataHandler = lambda s: print("text", repr(s))
p.Parse("<!DOCTYPE a SYSTEM 'a.dtd' [<!ENTITY e PUBLIC 'pub' 'e.xml'>]><a>&e;&more;</a>", True)

print("-- what stands on it")
root = ET.fromstring("<r><x k='v'>a<y/>b</x>c<!--no--><z xmlns='u:r'/></r>")
print(ET.tostring(root), [e.tag for e in root.iter()])
print(ET.tostring(ET.fromstring(ET.tostring(root))))
for event, e in ET.iterparse(io.BytesIO(b"<a><b>1</b><b>2</b></a>"), ("start", "end")):
    print(event, e.tag, e.text)
pull = ET.XMLPullParser(["end"])
pull.feed("<a><b>")
pull.feed("text</b>")
print([(k, e.tag, e.text) for k, e in pull.read_events()])
try:
    ET.fromstring("<a>\n<b></a>")
except ET.ParseError as e:
    print(e, e.code, e.position)
doc = xml.dom.minidom.parseString("<a b='1'><!--c--><d>t</d></a>")
print(doc.documentElement.toxml(), doc.documentElement.getAttribute("b"))


class Content(xml.sax.ContentHandler):
    def startElement(self, name, attrs):
        print("sax", name, dict(attrs))


xml.sax.parseString(b"<a b='1'><c/></a>", Content())
data = plistlib.dumps({"a": [1, 2.5, b"x", True], "b": "text"})
print(plistlib.loads(data))

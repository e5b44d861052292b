"""The page's serif: a subset of TeX Gyre Pagella as WOFF2, regular and italic, into src/ui/looks/fonts/.

Needed only to change the font; npm start and npm test never run it. It takes Python 3 with fonttools and brotli, and the
two OTF files of TeX Gyre Pagella (https://www.gust.org.pl/projects/e-foundry/tex-gyre/pagella, or Debian's package
fonts-texgyre):

    python3 scripts/font/subset.py FOLDER-WITH-THE-OTF-FILES

The same files give the same bytes. Pagella has no small letters and digits below or above the line (₀ ᵢ ⁷ ᵀ), which the
page's mathematics needs: they are made here from its own letters, as TeX makes them.
"""
import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

OUT = Path(__file__).parents[2] / "src/ui/looks/fonts"
NAME = "LoRA Explorer Serif"
ASCII = "".join(map(chr, range(0x20, 0x7F)))
TEXT = ASCII + "\u00a0±²³·¹×éü" + "ΔΣΩαβγδεζηθλμρστφ" + "–—‖‘’“”†…′" + "←↑→↓∂−√∞≈≠≤≥⋯⌊⌋⟨⟩" + "\u0302"
SYMBOLS = "".join(c for c in TEXT if c.isalnum() and c < "\u00a0" or c > "\u0370" or c in " .,;:·′()[]{}|/+-=<>*^_!?'&\u0302×")
BELOW = dict(zip("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₘₙᵣ", "0123456789ijkmnr"))
ABOVE = dict(zip("⁰⁴⁵⁶⁷⁸⁹⁺⁻ⁱⁿᵀᵖᵗ", "0456789+−inTpt"))
SMALL = 0.66
DROP, RISE = -150, 330


def face(folder: Path, style: str) -> TTFont:
    file = folder / f"texgyrepagella-{style}.otf"
    font = TTFont(file, recalcTimestamp=False)
    options = subset.Options()
    # Symbols and the page's name are set in the italic: no running text that pairs of letters would show in.
    options.layout_features = ["kern"] if style == "regular" else []
    options.hinting = False
    options.desubroutinize = True
    options.name_IDs = [1, 2, 3, 4, 6]
    options.notdef_outline = True
    worker = subset.Subsetter(options)
    worker.populate(text=TEXT if style == "regular" else SYMBOLS)
    worker.subset(font)
    add_small(font, TTFont(file))
    rename(font, "Italic" if "italic" in style else "Regular")
    return font


def add_small(font: TTFont, whole: TTFont) -> None:
    """The letters of BELOW and ABOVE, drawn from those of the whole font."""
    top = font["CFF "].cff.topDictIndex[0]
    glyphs, cmap = whole.getGlyphSet(), whole.getBestCmap()
    for table, shift in ((BELOW, DROP), (ABOVE, RISE)):
        for char, letter in table.items():
            source = cmap[ord(letter)]
            width = round(glyphs[source].width * SMALL) + 20
            pen = T2CharStringPen(width - top.Private.nominalWidthX, None)
            glyphs[source].draw(TransformPen(pen, (SMALL, 0, 0, SMALL, 10, shift)))
            outline = pen.getCharString(private=top.Private, globalSubrs=top.GlobalSubrs)
            bounds = BoundsPen(None)
            glyphs[source].draw(bounds)
            name = f"uni{ord(char):04X}"
            strings = top.CharStrings
            strings.charStringsIndex.append(outline)
            strings.charStrings[name] = len(strings.charStringsIndex) - 1
            top.charset.append(name)
            font["hmtx"][name] = (width, round(bounds.bounds[0] * SMALL) + 10)
            for part in font["cmap"].tables:
                if part.isUnicode():
                    part.cmap[ord(char)] = name
    font.setGlyphOrder(top.charset)


def rename(font: TTFont, style: str) -> None:
    """The font's licence asks that what is made from it has another name."""
    postscript = NAME.replace(" ", "") + "-" + style
    for record in font["name"].names:
        record.string = {1: NAME, 2: style, 3: f"{postscript}, from TeX Gyre Pagella", 4: f"{NAME} {style}"}.get(
            record.nameID, postscript
        )
    cff = font["CFF "].cff
    cff.fontNames = [postscript]
    top = cff.topDictIndex[0]
    top.FullName, top.FamilyName = f"{NAME} {style}", NAME


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for style in ("regular", "italic"):
        made = face(Path(sys.argv[1]), style)
        made.flavor = "woff2"
        path = OUT / f"serif-{style}.woff2"
        made.save(path)
        print(path.name, path.stat().st_size)

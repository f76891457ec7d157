#!/usr/bin/env python3
"""fonts.py FOLDER: cuts the fonts of npm's @fontsource-variable/atkinson-hyperlegible-next and -mono (files/*.woff2 in FOLDER) to what
the apps use, into both apps. Needs Debian's python3-fonttools and python3-brotli; run by hand when the fonts have a new version.

Kept: weights 400 to 700, kerning, tabular figures; of the mono face, which sets codes and account numbers, the signs of a keyboard.
Left out: the thin and black weights, hinting, and the zero, which is Onest's.
"""
import os
import sys

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

APPS = [os.path.join(os.path.dirname(__file__), "../..", app, "src/styles/fonts") for app in ("frontend-portal", "frontend-office")]
TEXT = ["kern", "tnum", "pnum", "ccmp", "locl"]


def cut(name, keep, features):
    font = TTFont(os.path.join(sys.argv[1], name))
    font.flavor = None
    instancer.instantiateVariableFont(font, {"wght": (400, 400, 700)}).save("/tmp/cut.ttf")
    font = TTFont("/tmp/cut.ttf")
    options = subset.Options()
    options.hinting, options.notdef_outline = False, True
    options.layout_features, options.name_IDs = features, [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["MVAR", "gasp", "STAT", "prep"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[c for c in font.getBestCmap() if keep(c)])
    subsetter.subset(font)
    font.flavor = "woff2"
    for app in APPS:
        font.save(os.path.join(app, name))
    print(name, os.path.getsize(os.path.join(APPS[0], name)))


cut("atkinson-hyperlegible-next-latin-wght-normal.woff2", lambda c: c != 0x30, TEXT)
cut("atkinson-hyperlegible-next-latin-ext-wght-normal.woff2", lambda c: True, TEXT + ["mark"])
cut("atkinson-hyperlegible-mono-latin-wght-normal.woff2", lambda c: c < 0x7F or c in (0xA0, 0x20AC, 0x2013, 0x2026, 0x2212), ["ccmp"])

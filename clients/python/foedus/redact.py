"""What in free text is nobody else's business: addresses, numbers to call, tokens and keys.

The same shapes in the same order as those of the hub's kernel, so that a text is cleared alike
whoever tells it; tests/conformance holds them to that.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_SECRET = "[secret]"
_MAILBOX = r"(?:[^\W_]|[.!#$%&'*+/=?^_`{|}~-]){1,64}"
#: A package stands before its version as a mailbox before its domain.
_NOT_VERSION = r"(?!v?[0-9]+\.[0-9]+\.[0-9])"
_MAIL_DOMAIN = r"(?:(?:[^\W_]|-){1,63}\.){1,8}[^\W\d_](?:[^\W_]|-){1,23}"


def _ascii(shape: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile(shape, re.ASCII | flags)


def _any(found: str) -> bool:
    return True


def _is_mail(found: str) -> bool:
    return re.search(r"(?:^|/)git@", found) is None


def _is_random(text: str) -> bool:
    """Whether letters and digits take turns as only chance lets them."""
    kinds = [kind for kind in map(_kind_of, text) if kind]
    if kinds.count("a") < _LETTERS_MIN or kinds.count("A") < _LETTERS_MIN:
        return False
    turns = sum(one != other for one, other in zip(kinds, kinds[1:], strict=False)) / len(kinds)
    return turns >= (_TURNS_MIN if "0" in kinds else _TURNS_WITHOUT_DIGITS_MIN)


_LETTERS_MIN = 3
_TURNS_MIN = 0.3
_TURNS_WITHOUT_DIGITS_MIN = 0.45


def _kind_of(letter: str) -> str:
    if "a" <= letter <= "z":
        return "a"
    if "A" <= letter <= "Z":
        return "A"
    return "0" if "0" <= letter <= "9" else ""


_Detector = tuple[re.Pattern[str], str, Callable[[str], bool]]

#: In this order: a password may stand before what looks like an e-mail address.
_DETECTORS: tuple[_Detector, ...] = (
    (
        _ascii(
            r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[ A-Z]{0,9}-----.*?"
            r"(?:-----END [A-Z ]{0,60}-----|\Z)",
            re.DOTALL,
        ),
        _SECRET,
        _any,
    ),
    (_ascii(r"\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?"), _SECRET, _any),
    # What the password stands in is kept: scheme and host say where.
    (_ascii(r"(?<=://)[^\s/:@]{1,128}:[^\s/@]{1,256}(?=@)"), _SECRET, _any),
    (
        _ascii(
            r"(?:pass(?:word|wd)?|pwd|secret|token|api[_-]?key|authorization)=[^\s&;,\"']{4,}",
            re.IGNORECASE,
        ),
        _SECRET,
        _any,
    ),
    (_ascii(r"\b(?:bearer|basic) [\w.~+/=-]{12,}", re.IGNORECASE), _SECRET, _any),
    (_ascii(r"\bfjt_[0-9a-z]{26}\.[\w.-]{16,}"), _SECRET, _any),
    (
        _ascii(r"\b(?:fk_|gh[opusr]_|github_pat_|glpat-|npm_|hf_|pypi-)[\w.-]{16,}"),
        _SECRET,
        _any,
    ),
    (_ascii(r"\b(?:sk[-_]|[pr]k_live_|xox[abeprs]-|SG\.)[\w.-]{16,}"), _SECRET, _any),
    (_ascii(r"\b(?:AKIA|ASIA|AGPA|AIDA|AROA)[A-Z0-9]{16}\b"), _SECRET, _any),
    (_ascii(r"\bAIza[\w-]{35}"), _SECRET, _any),
    (re.compile(f"{_MAILBOX}@{_NOT_VERSION}{_MAIL_DOMAIN}"), "[email]", _is_mail),
    (
        _ascii(r"(?<![\w.+-])(?:\+|00)[1-9](?:[ ./-]?\(?\d\)?){6,14}(?![\w])"),
        "[phone]",
        _any,
    ),
    (_ascii(r"(?<![\w.+-])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\w.-])"), "[phone]", _any),
    (_ascii(r"(?<![\w.+-])\(?0[1-9]\d{1,4}\)?[ /-]?\d{6,8}(?![\w.-])"), "[phone]", _any),
    (
        _ascii(r"(?<![0-9A-Za-z])(?:[0-9a-f]{32,}|[0-9A-F]{32,})(?![0-9A-Za-z])"),
        _SECRET,
        _any,
    ),
    (_ascii(r"[\w+/-]{32,}={0,2}"), _SECRET, _is_random),
)


def redacted(text: str) -> str:
    """A text in which what the detectors know is replaced by a word that says what was there."""
    for shape, word, is_one in _DETECTORS:
        text = shape.sub(lambda found: word if is_one(found[0]) else found[0], text)  # noqa: B023
    return text

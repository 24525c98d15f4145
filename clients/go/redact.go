package foedus

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// detector finds what in free text is nobody else's business. The shapes and their order are those of
// the hub's kernel, so that a text is cleared alike whoever tells it; tests/conformance holds them to
// that. Go's expressions cannot look around: what stands before and after is looked at by hand.
type detector struct {
	// shape is what is found: its first group, and nothing beside it.
	shape *regexp.Regexp
	word  string
	// notAfter are bytes that it does not follow.
	notAfter string
	// not is what may not follow the last "@" of what is found.
	not *regexp.Regexp
	// isOne is a closer look at what has the shape.
	isOne func(found string) bool
}

const (
	letterOrDigit = `0-9A-Za-z`
	wordBytes     = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	notInNumber   = wordBytes + "_.+-"
)

// detectors are in this order: a password may stand before what looks like an e-mail address.
var detectors = sync.OnceValue(func() []detector {
	secret := func(shape string) detector {
		return detector{shape: regexp.MustCompile(`(` + shape + `)`), word: "[secret]"}
	}
	phone := func(shape, notBefore string) detector {
		whole := regexp.MustCompile(`(` + shape + `)(?:[^` + notBefore + `]|\z)`)
		return detector{shape: whole, word: "[phone]", notAfter: notInNumber}
	}
	// What the password stands in is kept: scheme and host say where.
	password := secret("")
	password.shape = regexp.MustCompile(`://([^\s/:@]{1,128}:[^\s/@]{1,256})@`)
	mail := secret("")
	mail.word, mail.isOne = "[email]", func(found string) bool { return !ofGit.MatchString(found) }
	mail.shape = regexp.MustCompile("([\\p{L}\\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@" +
		`(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}[\p{L}\p{N}-]{1,23})`)
	// A package stands before its version as a mailbox before its domain.
	mail.not = regexp.MustCompile(`^v?\d+\.\d+\.\d`)
	hex := secret("")
	hex.shape = regexp.MustCompile(`([0-9a-f]{32,}|[0-9A-F]{32,})(?:[^` + letterOrDigit + `]|\z)`)
	hex.notAfter = wordBytes
	random := secret(`[\w+/-]{32,}={0,2}`)
	random.isOne = isRandom
	return []detector{
		secret(`(?s:-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[ A-Z]{0,9}-----.*?` +
			`(?:-----END [A-Z ]{0,60}-----|\z))`),
		secret(`\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?`),
		password,
		secret(`(?i:pass(?:word|wd)?|pwd|secret|token|api[_-]?key|authorization)=[^\s&;,"']{4,}`),
		secret(`\b(?i:bearer|basic) [\w.~+/=-]{12,}`),
		secret(`\bfjt_[0-9a-z]{26}\.[\w.-]{16,}`),
		secret(`\b(?:fk_|gh[opusr]_|github_pat_|glpat-|npm_|hf_|pypi-)[\w.-]{16,}`),
		secret(`\b(?:sk[-_]|[pr]k_live_|xox[abeprs]-|SG\.)[\w.-]{16,}`),
		secret(`\b(?:AKIA|ASIA|AGPA|AIDA|AROA)[A-Z0-9]{16}\b`),
		secret(`\bAIza[\w-]{35}`),
		mail,
		phone(`(?:\+|00)[1-9](?:[ ./-]?\(?\d\)?){6,14}`, `\w`),
		phone(`\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}`, `\w.-`),
		phone(`\(?0[1-9]\d{1,4}\)?[ /-]?\d{6,8}`, `\w.-`),
		hex,
		random,
	}
})

var ofGit = regexp.MustCompile(`(?:^|/)git@`)

// redacted is a text in which what the detectors know is replaced by a word that says what was there.
func redacted(text string) string {
	for _, each := range detectors() {
		text = each.clear(text)
	}
	return text
}

func (d detector) clear(text string) string {
	var clean strings.Builder
	kept, at := 0, 0
	for at <= len(text) {
		found := d.shape.FindStringSubmatchIndex(text[at:])
		if found == nil {
			break
		}
		from, to := at+found[2], at+found[3]
		if next := d.refuses(text, from, to); next > 0 {
			at = next
			continue
		}
		if d.isOne == nil || d.isOne(text[from:to]) {
			clean.WriteString(text[kept:from] + d.word)
			kept = to
		}
		at = to
	}
	return clean.String() + text[kept:]
}

// refuses says where to look on when what stands around it forbids it; 0 when nothing does.
func (d detector) refuses(text string, from, to int) int {
	if from > 0 && strings.IndexByte(d.notAfter, text[from-1]) >= 0 {
		return from + 1
	}
	if d.not == nil {
		return 0
	}
	name := from + strings.LastIndexByte(text[from:to], '@') + 1
	if d.not.MatchString(text[name:]) {
		return name
	}
	return 0
}

const (
	lettersMin            = 3
	turnsMin              = 0.3
	turnsWithoutDigitsMin = 0.45
)

// isRandom tells whether letters and digits take turns as only chance lets them. Words, paths and names
// keep to one kind for longer, or have no capitals; ids of ours have none.
func isRandom(text string) bool {
	kinds := []byte{}
	count := map[byte]int{}
	for _, letter := range []byte(text) {
		if kind := kindOf(letter); kind != 0 {
			kinds = append(kinds, kind)
			count[kind]++
		}
	}
	if count['a'] < lettersMin || count['A'] < lettersMin {
		return false
	}
	turns := len(slices.Compact(slices.Clone(kinds))) - 1
	most := turnsWithoutDigitsMin
	if count['0'] > 0 {
		most = turnsMin
	}
	return float64(turns)/float64(len(kinds)) >= most
}

func kindOf(letter byte) byte {
	switch {
	case letter >= 'a' && letter <= 'z':
		return 'a'
	case letter >= 'A' && letter <= 'Z':
		return 'A'
	case letter >= '0' && letter <= '9':
		return '0'
	}
	return 0
}

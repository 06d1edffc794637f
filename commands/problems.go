package commands

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"communitybot/bot"
)

// problems collects what is wrong with a form, by field. Its methods read a value and note what they can't take.
type problems struct {
	voice
	at map[string]string
}

// note says at a field what is wrong with it.
func (p problems) note(field, words string, pairs ...any) { p.at[field] = bot.Fill(words, pairs...) }

// joiners can't be seen but matter between letters: in Persian and Indic words, and in emoji made of several.
const joiners = "\u200c\u200d"

// clean returns what a person typed without what can't be seen: control and format characters, and space around it.
func clean(s string) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n', strings.ContainsRune(joiners, r):
			return r
		case r == '\t', r == '\r':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == utf8.RuneError:
			return -1
		}
		return r
	}, s))
	if strings.Trim(s, joiners+" \n") == "" {
		return ""
	}
	return s
}

func (p problems) text(field, value string, limit int) string {
	value = clean(value)
	if n := utf8.RuneCountInString(value); n > limit {
		p.note(field, p.Problem.TooLong, "length", n, "max", limit)
	}
	return value
}

func (p problems) line(field, value string, limit int) string {
	return strings.Join(strings.Fields(p.text(field, value, limit)), " ")
}

func (p problems) oneOf(field, value string, options []bot.Option) string {
	if value = clean(value); value == "" && len(options) > 0 {
		return options[0].Value
	}
	if o := pick(options, value); o != nil {
		return o.Value
	}
	p.note(field, p.Problem.NotOneOf, "value", cut(value), "options", labels(options))
	return ""
}

// pick returns the option with that value or else with that label, or nil.
func pick(options []bot.Option, typed string) *bot.Option {
	for _, same := range []func(bot.Option) bool{
		func(o bot.Option) bool { return o.Value == typed },
		func(o bot.Option) bool { return strings.EqualFold(o.Label, typed) },
	} {
		if i := slices.IndexFunc(options, same); i >= 0 {
			return &options[i]
		}
	}
	return nil
}

func labels(options []bot.Option) string {
	var all []string
	for _, o := range options {
		if len(all) == 10 {
			all = append(all, "…")
			break
		}
		all = append(all, o.Label)
	}
	return strings.Join(all, ", ")
}

func (p problems) categories(value string, known []bot.Option) []int64 {
	var ids []int64
	if len(known) == 0 {
		value = p.text(fieldCategories, value, maxList)
	}
	for _, word := range list(value) {
		if o := pick(known, word); o != nil {
			word = o.Value
		} else if len(known) > 0 {
			p.note(fieldCategories, p.Problem.NoCategory, "value", cut(word), "options", labels(known))
			continue
		}
		id, err := strconv.ParseInt(word, 10, 64)
		if err != nil || id < 0 {
			p.note(fieldCategories, p.Problem.NotCategoryID, "value", cut(word))
			continue
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func (p problems) names(field, value string) []string {
	var names []string
	for _, name := range list(value) {
		if utf8.RuneCountInString(name) > maxTag {
			p.note(field, p.Problem.ItemTooLong, "value", cut(name), "max", maxTag)
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if utf8.RuneCountInString(strings.Join(names, separator)) > maxList { // the form must take them again
		p.note(field, p.Problem.ListTooLong)
	}
	if len(names) > maxTags {
		p.note(field, p.Problem.TooMany, "count", len(names), "max", maxTags)
	}
	return names
}

// tags takes commas, spaces and # as what separates tags.
func (p problems) tags(value string) []string {
	words := strings.FieldsFunc(clean(value), func(r rune) bool { return r == ',' || r == '#' || unicode.IsSpace(r) })
	return p.names(fieldTags, strings.Join(words, ","))
}

// file takes the name of a file and nothing that leads elsewhere.
func (p problems) file(field, value string) string {
	value = p.line(field, value, maxFile)
	if strings.ContainsAny(value, `/\:?#`) || strings.HasPrefix(value, ".") {
		p.note(field, p.Problem.NotFile)
	}
	return value
}

var memberID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

func (p problems) members(value string) []string {
	var ids []string
	for _, id := range strings.FieldsFunc(p.text(fieldMembers, value, maxMembers), func(r rune) bool { return r == ',' || unicode.IsSpace(r) }) {
		if !memberID.MatchString(id) {
			p.note(fieldMembers, p.Problem.NotMember, "value", cut(id))
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// list splits what was typed at commas and line ends.
func list(value string) []string {
	var items []string
	for _, item := range strings.FieldsFunc(clean(value), func(r rune) bool { return r == ',' || r == '\n' }) {
		if item = clean(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// hashtag is a # with letters behind it. Marks belong to letters: without them, words in Hindi or Thai fall apart.
var hashtag = regexp.MustCompile(`(?:^|[\s(,])#([\p{L}\p{M}\p{N}_]*\p{L}[\p{L}\p{M}\p{N}_]*)`)

// hashtags takes the #hashtags of the description as tags.
func (p problems) hashtags(description string) []string {
	tags := p.names(fieldTags, strings.Join(hashtags(description), ","))
	if p.at[fieldTags] != "" {
		p.note(fieldTags, p.Problem.TooManyHashtags)
	}
	return tags
}

// hashtags returns the #hashtags in a text, each once.
func hashtags(text string) []string {
	var tags []string
	for _, m := range hashtag.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(tags, m[1]) {
			tags = append(tags, m[1])
		}
	}
	return tags
}

// cut shortens what somebody typed to quote it.
func cut(s string) string {
	if r := []rune(s); len(r) > 30 {
		return string(r[:29]) + "…"
	}
	return s
}

package bot

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// Text is what people read, in spans. An adapter draws each span in its platform's way and escapes the words in it, so
// what somebody typed can neither format nor notify.
type Text []Span

// Span is a piece of Text: Plain, Bold, Literal, Link, Name, Mention or Time.
type Span interface{ span() }

type (
	// Plain is words as they are.
	Plain string
	// Bold is words that stand out.
	Bold string
	// Literal is a value to copy: a handle, an ID.
	Literal string
	// Link is words that lead to a URL; no label shows the URL.
	Link struct{ URL, Label string }
	// Name shows a person without a notification.
	Name User
	// Mention shows a person and notifies them.
	Mention User
	// Time is a moment, shown in the reader's own zone where the platform can.
	Time time.Time
)

func (Plain) span()   {}
func (Bold) span()    {}
func (Literal) span() {}
func (Link) span()    {}
func (Name) span()    {}
func (Mention) span() {}
func (Time) span()    {}

// Say makes a text from words in which each {name} stands for a value: a Span, a Text, a string or anything else, which
// is printed plain. Values come in pairs, a name and what it stands for, in any order: languages differ in theirs. A name
// without a value stays to be seen.
func Say(words string, pairs ...any) Text {
	var t Text
	for words != "" {
		before, rest, found := strings.Cut(words, "{")
		name, after, closed := strings.Cut(rest, "}")
		value, known := lookUp(pairs, name)
		if !found || !closed {
			return append(t, Plain(words))
		}
		if !known {
			before += "{" + name + "}"
		}
		if before != "" {
			t = append(t, Plain(before))
		}
		switch v := value.(type) {
		case nil:
		case Span:
			t = append(t, v)
		case Text:
			t = append(t, v...)
		default:
			t = append(t, Plain(fmt.Sprint(v)))
		}
		words = after
	}
	return t
}

func lookUp(pairs []any, name string) (value any, known bool) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == name {
			return pairs[i+1], true
		}
	}
	return nil, false
}

// Fill is Say for words without any form.
func Fill(words string, pairs ...any) string { return Say(words, pairs...).String() }

// String returns the text without any formatting.
func (t Text) String() string {
	var b strings.Builder
	for _, s := range t {
		switch s := s.(type) {
		case Plain:
			b.WriteString(string(s))
		case Bold:
			b.WriteString(string(s))
		case Literal:
			b.WriteString(string(s))
		case Link:
			b.WriteString(s.words())
		case Name:
			b.WriteString(User(s).label())
		case Mention:
			b.WriteString("@" + strings.TrimPrefix(User(s).label(), "@"))
		case Time:
			b.WriteString(time.Time(s).UTC().Format("2006-01-02 15:04 UTC"))
		}
	}
	return b.String()
}

func (l Link) words() string {
	if l.Label == "" || l.Label == l.URL {
		return l.URL
	}
	return l.Label + " (" + l.URL + ")"
}

func (u User) label() string {
	name := cmp.Or(u.Name, u.ID)
	if u.Group {
		return "@" + name
	}
	return name
}

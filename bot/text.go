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

// Say makes a text from words in which each {} stands for one argument: a Span, a Text, a string or any other value,
// which is printed plain. Missing arguments leave the {} to be seen.
func Say(words string, args ...any) Text {
	var t Text
	for _, a := range args {
		before, after, found := strings.Cut(words, "{}")
		if !found {
			break
		}
		words = after
		if before != "" {
			t = append(t, Plain(before))
		}
		switch a := a.(type) {
		case Span:
			t = append(t, a)
		case Text:
			t = append(t, a...)
		default:
			t = append(t, Plain(fmt.Sprint(a)))
		}
	}
	if words != "" {
		t = append(t, Plain(words))
	}
	return t
}

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
			b.WriteString(time.Time(s).UTC().Format("2 Jan 2006 15:04 UTC"))
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

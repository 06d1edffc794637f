package main

import (
	"bytes"
	"embed"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
)

//go:embed requests answers
var files embed.FS

// people is how many different people act: fewer than a busy workspace has in an hour.
const people = 400

// gaps is what differs between requests of a kind: {{n}} is its number, {{user}} who sends it, {{id}} the number of the
// community's request that a button is about.
var gaps = regexp.MustCompile(`\{\{(n|user|id)\}\}`)

// template is a body with gaps: literal text, then a gap, and so on.
type template struct {
	text [][]byte
	gap  []string // one less
}

// read returns a body out of a file of this package.
func read(file string) []byte {
	body, err := files.ReadFile(file)
	if err != nil {
		panic(err) // it is in the program
	}
	return bytes.TrimSpace(body)
}

// parse makes a template of a body; escape is done to its literal parts.
func parse(body []byte, escape func(string) string) template {
	var t template
	from := 0
	for _, at := range gaps.FindAllSubmatchIndex(body, -1) {
		t.text = append(t.text, []byte(escape(string(body[from:at[0]]))))
		t.gap = append(t.gap, string(body[at[2]:at[3]]))
		from = at[1]
	}
	t.text = append(t.text, []byte(escape(string(body[from:]))))
	return t
}

// plain leaves text as it is.
func plain(s string) string { return s }

// payload is a template of a JSON body that travels in a form, as Slack's do.
func payload(body []byte) template {
	t := parse(body, url.QueryEscape)
	t.text[0] = append([]byte("payload="), t.text[0]...)
	return t
}

// fill appends the body with number n to b.
func (t template) fill(b []byte, n int) []byte {
	for i, text := range t.text {
		b = append(b, text...)
		if i == len(t.gap) {
			break
		}
		switch t.gap[i] {
		case "n":
			b = fmt.Appendf(b, "%012d", n)
		case "user":
			b = fmt.Appendf(b, "%07d", n%people+1)
		case "id":
			b = strconv.AppendInt(b, int64(n), 10)
		}
	}
	return b
}

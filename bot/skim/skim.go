// Package skim reads JSON for those who want little of it. What nobody asks for is checked and skipped, and never built:
// of a sent form's 6 KB the bot wants a few hundred bytes, while a person waits.
//
// It takes what encoding/json takes, with two differences: names of fields are compared as they are written, and of a
// field that is there twice the last counts.
//
// It imports the standard library only.
package skim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strconv"
)

// Reader reads one document. Each method reads the value that stands next. A null is the zero value of whatever is asked
// for. Once something is wrong with the document its methods find nothing more, and End says what it was.
type Reader struct {
	data  []byte
	at    int
	depth int    // how many more levels there may be
	name  []byte // of the last field
	err   error
}

var (
	errSyntax = errors.New("not JSON")
	errDeep   = errors.New("JSON nested too deep")
)

// New returns a reader of a document with at most so many levels.
func New(data []byte, depth int) *Reader { return &Reader{data: data, depth: depth} }

// End returns what was wrong with the document, which ends here. It quotes none of its values.
func (r *Reader) End() error {
	if r.Kind() != 0 || r.at < len(r.data) {
		r.fail(errSyntax)
	}
	return r.err
}

// Fields ranges over the names of an object's fields. What is not read of a field's value is skipped. A name is good
// until the next.
func (r *Reader) Fields() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		wanted := true
		r.each('{', '}', "an object", func() {
			name := r.field()
			r.value(func() { wanted = wanted && yield(name) })
		})
	}
}

// Items ranges over an array, by index. What is not read of an item is skipped.
func (r *Reader) Items() iter.Seq[int] {
	return func(yield func(int) bool) {
		wanted, i := true, 0
		r.each('[', ']', "an array", func() {
			r.value(func() { wanted = wanted && yield(i) })
			i++
		})
	}
}

// each goes over what stands between two brackets.
func (r *Reader) each(open, end byte, what string, one func()) {
	if !r.is(open, what) {
		return
	}
	r.at++
	if r.depth--; r.depth < 0 {
		r.fail(errDeep)
	}
	if r.Kind() == end {
		r.close()
		return
	}
	for r.err == nil {
		one()
		switch r.Kind() {
		case ',':
			r.at++
		case end:
			r.close()
			return
		default:
			r.fail(errSyntax)
		}
	}
}

func (r *Reader) close() {
	r.at++
	r.depth++
}

// value has the value that stands next read, or skips it.
func (r *Reader) value(read func()) {
	r.Kind()
	before := r.at
	if r.err == nil {
		read()
	}
	if r.at == before {
		r.Skip()
	}
}

// field reads a field's name and the colon.
func (r *Reader) field() []byte {
	if r.Kind() != '"' {
		r.fail(errSyntax)
		return nil
	}
	raw, plain := r.quoted()
	if r.Kind() != ':' {
		r.fail(errSyntax)
		return nil
	}
	r.at++
	r.name = raw[1 : len(raw)-1]
	if !plain {
		r.name = []byte(unquote(raw))
	}
	return r.name
}

// is reports whether the value that stands next is of a kind, by its first byte. A null is skipped, any other value is
// wrong.
func (r *Reader) is(kind byte, what string) bool {
	switch r.Kind() {
	case kind:
		return true
	case 'n':
		r.Skip()
	case 0:
		r.fail(errSyntax)
	default:
		r.fail(fmt.Errorf("%.40q is not %s", r.name, what))
	}
	return false
}

// Kind returns the first byte of what stands next: '{', '[', '"', 't' or 'f', 'n' for null, a digit or '-'. At the end
// it is 0.
func (r *Reader) Kind() byte {
	for ; r.err == nil && r.at < len(r.data); r.at++ {
		switch c := r.data[r.at]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// String reads a string.
func (r *Reader) String() string {
	if !r.is('"', "a string") {
		return ""
	}
	raw, plain := r.quoted()
	switch {
	case r.err != nil:
		return ""
	case plain:
		return string(raw[1 : len(raw)-1])
	}
	return unquote(raw)
}

// unquote returns what a string stands for that is known to be one.
func unquote(raw []byte) (s string) {
	_ = json.Unmarshal(raw, &s)
	return s
}

// Text reads a string, a number, true or false as text. Of anything else it reads nothing.
func (r *Reader) Text() string {
	switch c := r.Kind(); {
	case c == '"':
		return r.String()
	case c == 't', c == 'f', c == '-', isDigit(c):
		from := r.at
		r.Skip()
		return string(r.data[from:r.at])
	}
	return ""
}

// Int reads a whole number.
func (r *Reader) Int() int {
	c := r.Kind()
	if c != '-' && !isDigit(c) && !r.is('0', "a number") {
		return 0
	}
	from := r.at
	r.Skip()
	n, err := strconv.Atoi(string(r.data[from:r.at]))
	if err != nil {
		r.fail(fmt.Errorf("%.40q is not a whole number", r.name))
	}
	return n
}

// Bool reads true or false.
func (r *Reader) Bool() bool {
	if c := r.Kind(); c != 'f' && !r.is('t', "true or false") {
		return false
	}
	is := r.data[r.at] == 't'
	r.Skip()
	return is
}

// Raw returns a value as it is written.
func (r *Reader) Raw() []byte {
	r.Kind()
	from := r.at
	r.Skip()
	return r.data[from:r.at]
}

// Skip skips a value.
func (r *Reader) Skip() {
	switch c := r.Kind(); {
	case c == '{':
		for range r.Fields() {
			continue
		}
	case c == '[':
		for range r.Items() {
			continue
		}
	case c == '"':
		r.quoted()
	case c == 't':
		r.literal("true")
	case c == 'f':
		r.literal("false")
	case c == 'n':
		r.literal("null")
	default:
		r.number()
	}
}

func (r *Reader) literal(word string) {
	if !bytes.HasPrefix(r.data[r.at:], []byte(word)) {
		r.fail(errSyntax)
		return
	}
	r.at += len(word)
}

// quoted reads a string with its quotes. A plain one stands for what it is.
func (r *Reader) quoted() (raw []byte, plain bool) {
	plain = true
	for i := r.at + 1; i < len(r.data); i++ {
		switch c := r.data[i]; {
		case c == '"':
			raw = r.data[r.at : i+1]
			r.at = i + 1
			return raw, plain
		case c == '\\':
			plain = false
			n := escaped(r.data[i:])
			if n == 0 {
				r.fail(errSyntax)
				return nil, false
			}
			i += n - 1
		case c < ' ':
			r.fail(errSyntax)
			return nil, false
		case c >= 0x80:
			plain = false // it may be no UTF-8
		}
	}
	r.fail(errSyntax)
	return nil, false
}

// escaped returns how many bytes an escape takes, or 0.
func escaped(s []byte) int {
	if len(s) < 2 {
		return 0
	}
	switch s[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if len(s) >= 6 && len(bytes.Trim(s[2:6], "0123456789abcdefABCDEF")) == 0 {
			return 6
		}
	}
	return 0
}

// number reads a number: https://www.rfc-editor.org/rfc/rfc8259#section-6
func (r *Reader) number() {
	if r.next() == '-' {
		r.at++
	}
	if r.next() == '0' {
		r.at++
	} else {
		r.digits()
	}
	if r.next() == '.' {
		r.at++
		r.digits()
	}
	if c := r.next(); c == 'e' || c == 'E' {
		r.at++
		if c := r.next(); c == '+' || c == '-' {
			r.at++
		}
		r.digits()
	}
}

// next returns the next byte, or 0.
func (r *Reader) next() byte {
	if r.err != nil || r.at >= len(r.data) {
		return 0
	}
	return r.data[r.at]
}

// digits reads one digit or more.
func (r *Reader) digits() {
	from := r.at
	for isDigit(r.next()) {
		r.at++
	}
	if r.at == from {
		r.fail(errSyntax)
	}
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// Check fails when what was made of a value did.
func (r *Reader) Check(err error) {
	if err != nil {
		r.fail(err)
	}
}

// fail notes what is wrong, the first time.
func (r *Reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

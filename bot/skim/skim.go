// Package skim reads JSON for those who want little of it. What nobody asks for is checked and skipped, and never built:
// of a sent form's 6 KB the bot wants a few hundred bytes, while a person waits.
//
// It takes what encoding/json takes, with two differences: names of fields are compared as they are written, and of a
// field that is there twice the last counts.
//
// It imports jsontext, the reader below the next encoding/json, and the standard library.
package skim

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// Reader reads one document. Each method reads the value that stands next. A null is the zero value of whatever is asked
// for. Once something is wrong with the document its methods find nothing more, and End says what it was.
type Reader struct {
	d     *jsontext.Decoder
	depth int    // how many levels there may be of what is read
	name  []byte // of the last field
	err   error
}

var (
	errSyntax = errors.New("not JSON")
	errDeep   = errors.New("JSON nested too deep")
)

// New returns a reader of a document of which at most so many levels are read.
func New(data []byte, depth int) *Reader {
	d := jsontext.NewDecoder(bytes.NewBuffer(data), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	return &Reader{d: d, depth: depth}
}

// End returns what was wrong with the document, which ends here. It quotes none of its values.
func (r *Reader) End() error {
	if r.err == nil {
		if _, err := r.d.ReadToken(); !errors.Is(err, io.EOF) {
			r.fail(errSyntax)
		}
	}
	return r.err
}

// Fields ranges over the names of an object's fields. What is not read of a field's value is skipped. A name is good
// until another one is read.
func (r *Reader) Fields() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		wanted := true
		r.each('{', '}', "an object", func() {
			// Its error speaks of letters that are none, which encoding/json replaces, too.
			r.name, _ = jsontext.AppendUnquote(r.name[:0], r.Raw())
			r.value(func() { wanted = wanted && yield(r.name) })
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
	r.token()
	if r.d.StackDepth() > r.depth {
		r.fail(errDeep)
	}
	for r.err == nil && r.Kind() != end {
		one()
	}
	r.token()
}

// value has the value that stands next read, or skips it.
func (r *Reader) value(read func()) {
	if r.err != nil {
		return
	}
	before := r.d.InputOffset()
	read()
	if r.d.InputOffset() == before {
		r.Skip()
	}
}

// token reads a bracket or a single value.
func (r *Reader) token() (t jsontext.Token) {
	if r.err == nil {
		var err error
		t, err = r.d.ReadToken()
		r.malformed(err)
	}
	return t
}

// is reports whether the value that stands next is of a kind. A null is skipped, any other value is wrong.
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

// Kind returns what stands next: '{', '[', '"', 't' or 'f', 'n' for null, '0' for a number. At the end, or where it is no
// JSON, it is 0.
func (r *Reader) Kind() byte {
	if r.err != nil {
		return 0
	}
	return byte(r.d.PeekKind())
}

// String reads a string.
func (r *Reader) String() string {
	if !r.is('"', "a string") {
		return ""
	}
	if t := r.token(); r.err == nil {
		return t.String()
	}
	return ""
}

// Text reads a string, a number, true or false as text. Of anything else it reads nothing.
func (r *Reader) Text() string {
	switch r.Kind() {
	case '"':
		return r.String()
	case 't', 'f', '0':
		return string(r.Raw())
	}
	return ""
}

// Int reads a whole number.
func (r *Reader) Int() int {
	if !r.is('0', "a number") {
		return 0
	}
	n, err := strconv.Atoi(string(r.Raw()))
	if err != nil {
		r.fail(fmt.Errorf("%.40q is not a whole number", r.name))
	}
	return n
}

// Bool reads true or false.
func (r *Reader) Bool() bool {
	if r.Kind() != 'f' && !r.is('t', "true or false") {
		return false
	}
	return string(r.Raw()) == "true"
}

// Raw returns a value as it is written. It is good until something else is read.
func (r *Reader) Raw() []byte {
	if r.err != nil {
		return nil
	}
	raw, err := r.d.ReadValue()
	r.malformed(err)
	return raw
}

// Skip skips a value.
func (r *Reader) Skip() {
	if r.err == nil {
		r.malformed(r.d.SkipValue())
	}
}

// Check fails when what was made of a value did.
func (r *Reader) Check(err error) {
	if err != nil {
		r.fail(err)
	}
}

// malformed fails when the decoder did. Its own words may quote what people wrote.
func (r *Reader) malformed(err error) {
	if err != nil {
		r.fail(errSyntax)
	}
}

// fail notes what is wrong, the first time.
func (r *Reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

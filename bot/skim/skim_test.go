package skim_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"communitybot/bot/skim"
)

const depth = 50

// thing is read both ways.
type thing struct {
	Name  string            `json:"name"`
	Count int               `json:"count"`
	On    bool              `json:"on"`
	List  []string          `json:"list"`
	Map   map[string]string `json:"map"`
	In    *thing            `json:"in"`
}

func read(r *skim.Reader) thing {
	var t thing
	for name := range r.Fields() {
		switch string(name) {
		case "name":
			t.Name = r.String()
		case "count":
			t.Count = r.Int()
		case "on":
			t.On = r.Bool()
		case "list":
			for range r.Items() {
				t.List = append(t.List, r.String())
			}
		case "map":
			for key := range r.Fields() {
				if t.Map == nil {
					t.Map = map[string]string{}
				}
				key := string(key)
				t.Map[key] = r.String()
			}
		case "in":
			if r.Kind() != 'n' {
				in := read(r)
				t.In = &in
			}
		}
	}
	return t
}

var documents = []string{
	`{}`, `null`, ` { } `, `[]`, `""`, `1`, `true`, ``, ` `, `{`, `}`, `{"name"}`, `{"name":}`, `{"name":"a",}`, `{,}`, `{"name":"a"} {}`, `{"name":"a"}x`,
	`{"name":"a\n\u00e9\ud83d\ude00\/"}`, `{"name":"\ud83d"}`, `{"name":"\x"}`, `{"name":"\u12g4"}`, `{"name":"\u12"}`, "{\"name\":\"a\nb\"}",
	"{\"name\":\"\xff\xc3\xa9\"}", `{"name":"é"}`, `{"name":"a`, `{"name":"a\`, `{"name":1}`, `{"name":null}`, `{"name":{}}`, `{"\u006eame":"a"}`,
	`{"count":12}`, `{"count":-0}`, `{"count":-}`, `{"count":01}`, `{"count":1.0}`, `{"count":1e3}`, `{"count":99999999999999999999}`, `{"count":"1"}`,
	`{"on":true}`, `{"on":false}`, `{"on":null}`, `{"on":tru}`, `{"on":1}`, `{"list":["a","b"]}`, `{"list":["a",null]}`, `{"list":[1]}`, `{"list":["a",]}`,
	`{"list":["a" "b"]}`, `{"list":{}}`, `{"list":null}`, `{"map":{"a":"b","c":"d"}}`, `{"map":{"a":1}}`, `{"map":null}`, `{"in":{"in":{"name":"deep"}}}`,
	`{"in":null}`, `{"other":[1,-2.5e+7,0.1,{"a":[[]]},"x\"y",null,true,false],"name":"after"}`, `{"other":[01]}`, `{"other":.5}`, `{"other":1.}`,
	`{"other":1e}`, `{"other":nul}`, `{"other":+1}`, `{"other":"a` + "\x1f" + `"}`, `{"other":[}`, `{"other":[1,2}`, "\ufeff{}", `{"a":1 "b":2}`, `{"other":'a'}`,
}

// FuzzSkim holds that a document is read as encoding/json reads it, or refused as it is refused there.
func FuzzSkim(f *testing.F) {
	for _, d := range documents {
		f.Add(d)
	}
	f.Fuzz(func(t *testing.T, document string) {
		if ambiguous(document) {
			t.Skip()
		}
		var want thing
		wantErr := json.Unmarshal([]byte(document), &want)
		r := skim.New([]byte(document), depth)
		got := read(r)
		gotErr := r.End()
		if (gotErr != nil) != (wantErr != nil) {
			t.Fatalf("%q: %v, and encoding/json says %v", document, gotErr, wantErr)
		}
		if wantErr != nil {
			return
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q: %s", document, diff)
		}
	})
}

// ambiguous reports whether a document is one of those that are read otherwise: a name twice or in other letters, or
// more levels than are read.
func ambiguous(document string) bool {
	d := json.NewDecoder(strings.NewReader(document))
	var names []map[string]bool // of the objects that are open; nil: an array
	isName := false
	for {
		token, err := d.Token()
		if err != nil {
			return false
		}
		top := len(names) - 1
		switch token := token.(type) {
		case json.Delim:
			switch token {
			case '{':
				names = append(names, map[string]bool{})
			case '[':
				names = append(names, nil)
			default:
				names = names[:top]
			}
			if len(names) >= depth {
				return true
			}
			isName = len(names) > 0 && names[len(names)-1] != nil
			continue
		case string:
			if isName {
				if names[top][token] || strings.ContainsFunc(token, func(r rune) bool { return r > 'z' || 'A' <= r && r <= 'Z' }) {
					return true
				}
				names[top][token] = true
				isName = false
				continue
			}
		}
		isName = len(names) > 0 && names[len(names)-1] != nil
	}
}

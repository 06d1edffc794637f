package slackfake

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func x(n int) string { return strings.Repeat("é", n) }

func pt(s string) object { return object{"type": "plain_text", "text": s} }

func md(s string) object { return object{"type": "mrkdwn", "text": s} }

// with returns a copy of o with more in it. A nil value takes a key away.
func with(o object, more object) object {
	merged := object{}
	for k, v := range o {
		merged[k] = v
	}
	for k, v := range more {
		if v == nil {
			delete(merged, k)
		} else {
			merged[k] = v
		}
	}
	return merged
}

func repeat(n int, make func(i int) object) []any {
	all := []any{}
	for i := range n {
		all = append(all, make(i))
	}
	return all
}

func opt(label, value string) object { return object{"text": pt(label), "value": value} }

func opts(n int) []any {
	return repeat(n, func(i int) object { return opt(fmt.Sprint("o", i), fmt.Sprint("v", i)) })
}

var (
	aButton   = object{"type": "button", "action_id": "go", "text": pt("Go")}
	aMenu     = object{"type": "static_select", "action_id": "pick", "placeholder": pt("Pick"), "options": opts(2)}
	aChecklst = object{"type": "checkboxes", "action_id": "tick", "options": opts(2)}
	aText     = object{"type": "plain_text_input", "action_id": "say"}
	anImage   = object{"type": "image", "image_url": "https://x.test/1.png", "alt_text": "one"}
)

func actions(elements ...any) object { return object{"type": "actions", "elements": elements} }

func input(element object) object {
	return object{"type": "input", "block_id": "in", "label": pt("Label"), "element": element}
}

// limit is one rule of blocks: what just fits, what does not, and how Slack says so.
type limit struct {
	name     string
	fits     []any
	breaks   []any
	complain string // with the pointer after the blocks
}

func sections(n int) []any {
	return repeat(n, func(int) object { return object{"type": "section", "text": md("x")} })
}

var messageLimits = []limit{
	{"50 blocks in a message", sections(50), sections(51), "no more than 50 items allowed [json-pointer:/blocks]"},
	{"a block has a known type", []any{object{"type": "divider"}}, []any{object{"type": "ornament"}}, "unsupported type: ornament [json-pointer:/blocks/0/type]"},
	{"a block is an object", []any{object{"type": "divider"}}, []any{"divider"}, "must provide an object [json-pointer:/blocks/0]"},
	{"block_id 255", []any{object{"type": "divider", "block_id": x(255)}}, []any{object{"type": "divider", "block_id": x(256)}}, "must be less than 256 characters [json-pointer:/blocks/0/block_id]"},
	{"block_id unique", []any{object{"type": "divider", "block_id": "a"}, object{"type": "divider", "block_id": "b"}},
		[]any{object{"type": "divider", "block_id": "a"}, object{"type": "divider", "block_id": "a"}}, "`block_id` \"a\" already exists [json-pointer:/blocks/1/block_id]"},
	{"header 150", []any{object{"type": "header", "text": pt(x(150))}}, []any{object{"type": "header", "text": pt(x(151))}}, "must be less than 151 characters [json-pointer:/blocks/0/text/text]"},
	{"header plain", []any{object{"type": "header", "text": pt("x")}}, []any{object{"type": "header", "text": md("x")}}, "must be a valid enum value [json-pointer:/blocks/0/text/type]"},
	{"header has text", []any{object{"type": "header", "text": pt("x")}}, []any{object{"type": "header"}}, "missing required field: text [json-pointer:/blocks/0]"},
	{"section text 3000", []any{object{"type": "section", "text": md(x(3000))}}, []any{object{"type": "section", "text": md(x(3001))}}, "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"},
	{"section text not empty", []any{object{"type": "section", "text": md("x")}}, []any{object{"type": "section", "text": md("")}}, "must be more than 0 characters [json-pointer:/blocks/0/text/text]"},
	{"section has text or fields", []any{object{"type": "section", "fields": []any{md("x")}}}, []any{object{"type": "section"}}, "must define either `text` or `fields` [json-pointer:/blocks/0]"},
	{"text is an object", []any{object{"type": "section", "text": md("x")}}, []any{object{"type": "section", "text": "x"}}, "must provide an object [json-pointer:/blocks/0/text]"},
	{"text has a type", []any{object{"type": "section", "text": md("x")}}, []any{object{"type": "section", "text": object{"type": "html", "text": "x"}}}, "unsupported type: html [json-pointer:/blocks/0/text/type]"},
	{"text has words", []any{object{"type": "section", "text": md("x")}}, []any{object{"type": "section", "text": object{"type": "mrkdwn"}}}, "missing required field: text [json-pointer:/blocks/0/text]"},
	{"10 fields", []any{object{"type": "section", "fields": repeat(10, func(int) object { return md("x") })}},
		[]any{object{"type": "section", "fields": repeat(11, func(int) object { return md("x") })}}, "no more than 10 items allowed [json-pointer:/blocks/0/fields]"},
	{"field 2000", []any{object{"type": "section", "fields": []any{md(x(2000))}}}, []any{object{"type": "section", "fields": []any{md(x(2001))}}}, "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]"},
	{"field is an object", []any{object{"type": "section", "fields": []any{md("x")}}}, []any{object{"type": "section", "fields": []any{"x"}}}, "must provide an object [json-pointer:/blocks/0/fields/0]"},
	{"10 elements in context", []any{object{"type": "context", "elements": repeat(10, func(int) object { return md("x") })}},
		[]any{object{"type": "context", "elements": repeat(11, func(int) object { return md("x") })}}, "no more than 10 items allowed [json-pointer:/blocks/0/elements]"},
	{"context not empty", []any{object{"type": "context", "elements": []any{anImage}}}, []any{object{"type": "context", "elements": []any{}}}, "no less than 1 items allowed [json-pointer:/blocks/0/elements]"},
	{"context text not empty", []any{object{"type": "context", "elements": []any{md("x")}}}, []any{object{"type": "context", "elements": []any{md("")}}}, "must be more than 0 characters [json-pointer:/blocks/0/elements/0/text]"},
	{"image has alt_text", []any{anImage}, []any{with(anImage, object{"alt_text": nil})}, "missing required field: alt_text [json-pointer:/blocks/0]"},
	{"image alt_text 2000", []any{with(anImage, object{"alt_text": x(2000)})}, []any{with(anImage, object{"alt_text": x(2001)})}, "must be less than 2001 characters [json-pointer:/blocks/0/alt_text]"},
	{"image has a URL", []any{anImage}, []any{with(anImage, object{"image_url": nil})}, "missing required field: image_url [json-pointer:/blocks/0]"},
	{"image URL 3000", []any{with(anImage, object{"image_url": "https://x.test/" + strings.Repeat("a", 2985)})},
		[]any{with(anImage, object{"image_url": "https://x.test/" + strings.Repeat("a", 2986)})}, "must be less than 3001 characters [json-pointer:/blocks/0/image_url]"},
	{"image URL is http or https", []any{with(anImage, object{"image_url": "http://x.test/1.png"})}, []any{with(anImage, object{"image_url": "ftp://x.test/1.png"})}, "must be a valid URL [json-pointer:/blocks/0/image_url]"},
	{"image URL has a host", []any{anImage}, []any{with(anImage, object{"image_url": "1.png"})}, "must be a valid URL [json-pointer:/blocks/0/image_url]"},
	{"25 actions", []any{actions(repeat(25, func(i int) object { return with(aButton, object{"action_id": fmt.Sprint(i)}) })...)},
		[]any{actions(repeat(26, func(i int) object { return with(aButton, object{"action_id": fmt.Sprint(i)}) })...)}, "no more than 25 items allowed [json-pointer:/blocks/0/elements]"},
	{"actions not empty", []any{actions(aButton)}, []any{actions()}, "no less than 1 items allowed [json-pointer:/blocks/0/elements]"},
	{"action_id unique in a block", []any{actions(aButton), actions(aButton)}, []any{actions(aButton, aButton)}, "`action_id` \"go\" already exists [json-pointer:/blocks/0/elements/1/action_id]"},
	{"action_id 255", []any{actions(with(aButton, object{"action_id": x(255)}))}, []any{actions(with(aButton, object{"action_id": x(256)}))}, "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]"},
	{"elements are known", []any{actions(aButton)}, []any{actions(aText)}, "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]"},
	{"button text 75", []any{actions(with(aButton, object{"text": pt(x(75))}))}, []any{actions(with(aButton, object{"text": pt(x(76))}))}, "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"},
	{"button text plain", []any{actions(aButton)}, []any{actions(with(aButton, object{"text": md("x")}))}, "must be a valid enum value [json-pointer:/blocks/0/elements/0/text/type]"},
	{"button value 2000", []any{actions(with(aButton, object{"value": x(2000)}))}, []any{actions(with(aButton, object{"value": x(2001)}))}, "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]"},
	{"button value is text", []any{actions(with(aButton, object{"value": "1"}))}, []any{actions(with(aButton, object{"value": 1}))}, "must provide a string [json-pointer:/blocks/0/elements/0/value]"},
	{"button url 3000", []any{actions(with(aButton, object{"url": "https://x.test/" + strings.Repeat("a", 2985)}))},
		[]any{actions(with(aButton, object{"url": "https://x.test/" + strings.Repeat("a", 2986)}))}, "must be less than 3001 characters [json-pointer:/blocks/0/elements/0/url]"},
	{"button style", []any{actions(with(aButton, object{"style": "danger"}))}, []any{actions(with(aButton, object{"style": "default"}))}, "must be one of primary, danger [json-pointer:/blocks/0/elements/0/style]"},
	{"button confirm text 300", []any{actions(with(aButton, object{"confirm": confirm(x(300))}))}, []any{actions(with(aButton, object{"confirm": confirm(x(301))}))},
		"must be less than 301 characters [json-pointer:/blocks/0/elements/0/confirm/text/text]"},
	{"accessory is known", []any{object{"type": "section", "text": md("x"), "accessory": aButton}}, []any{object{"type": "section", "text": md("x"), "accessory": aText}},
		"unsupported type: plain_text_input [json-pointer:/blocks/0/accessory/type]"},
	{"accessory image has alt_text", []any{object{"type": "section", "text": md("x"), "accessory": anImage}},
		[]any{object{"type": "section", "text": md("x"), "accessory": with(anImage, object{"alt_text": nil})}}, "missing required field: alt_text [json-pointer:/blocks/0/accessory]"},
}

func confirm(text string) object {
	return object{"title": pt("Sure?"), "text": md(text), "confirm": pt("Yes"), "deny": pt("No")}
}

var inputLimits = []limit{
	{"100 blocks in a view", sections(100), sections(101), "no more than 100 items allowed [json-pointer:/view/blocks]"},
	{"label 2000", []any{with(input(aText), object{"label": pt(x(2000))})}, []any{with(input(aText), object{"label": pt(x(2001))})}, "must be less than 2001 characters [json-pointer:/view/blocks/0/label/text]"},
	{"label needed", []any{input(aText)}, []any{with(input(aText), object{"label": nil})}, "missing required field: label [json-pointer:/view/blocks/0]"},
	{"hint 2000", []any{with(input(aText), object{"hint": pt(x(2000))})}, []any{with(input(aText), object{"hint": pt(x(2001))})}, "must be less than 2001 characters [json-pointer:/view/blocks/0/hint/text]"},
	{"input has an element", []any{input(aText)}, []any{with(input(aText), object{"element": nil})}, "must provide an object [json-pointer:/view/blocks/0/element]"},
	{"input takes no button", []any{input(aText)}, []any{input(aButton)}, "unsupported type: button [json-pointer:/view/blocks/0/element/type]"},
	{"max_length 3000", []any{input(with(aText, object{"max_length": 3000}))}, []any{input(with(aText, object{"max_length": 3001}))}, "must be less than 3001 [json-pointer:/view/blocks/0/element/max_length]"},
	{"max_length at least 1", []any{input(with(aText, object{"max_length": 1}))}, []any{input(with(aText, object{"max_length": 0}))}, "must be greater than 0 [json-pointer:/view/blocks/0/element/max_length]"},
	{"max_length whole", []any{input(with(aText, object{"max_length": 5}))}, []any{input(with(aText, object{"max_length": "5"}))}, "must provide an integer [json-pointer:/view/blocks/0/element/max_length]"},
	{"min_length below max_length", []any{input(with(aText, object{"min_length": 5, "max_length": 5}))}, []any{input(with(aText, object{"min_length": 6, "max_length": 5}))},
		"must not be greater than `max_length` [json-pointer:/view/blocks/0/element/min_length]"},
	{"initial_value within max_length", []any{input(with(aText, object{"max_length": 3, "initial_value": x(3)}))}, []any{input(with(aText, object{"max_length": 3, "initial_value": x(4)}))},
		"must be less than 4 characters [json-pointer:/view/blocks/0/element/initial_value]"},
	{"initial_value within 3000", []any{input(with(aText, object{"initial_value": x(3000)}))}, []any{input(with(aText, object{"initial_value": x(3001)}))},
		"must be less than 3001 characters [json-pointer:/view/blocks/0/element/initial_value]"},
	{"placeholder 150", []any{input(with(aText, object{"placeholder": pt(x(150))}))}, []any{input(with(aText, object{"placeholder": pt(x(151))}))},
		"must be less than 151 characters [json-pointer:/view/blocks/0/element/placeholder/text]"},
	{"select placeholder 150", []any{input(with(aMenu, object{"placeholder": pt(x(150))}))}, []any{input(with(aMenu, object{"placeholder": pt(x(151))}))},
		"must be less than 151 characters [json-pointer:/view/blocks/0/element/placeholder/text]"},
	{"100 options", []any{input(with(aMenu, object{"options": opts(100)}))}, []any{input(with(aMenu, object{"options": opts(101)}))}, "no more than 100 items allowed [json-pointer:/view/blocks/0/element/options]"},
	{"at least one option", []any{input(with(aMenu, object{"options": opts(1)}))}, []any{input(with(aMenu, object{"options": opts(0)}))}, "no less than 1 items allowed [json-pointer:/view/blocks/0/element/options]"},
	{"option text 75", []any{input(with(aMenu, object{"options": []any{opt(x(75), "v")}}))}, []any{input(with(aMenu, object{"options": []any{opt(x(76), "v")}}))},
		"must be less than 76 characters [json-pointer:/view/blocks/0/element/options/0/text/text]"},
	{"option value 150", []any{input(with(aMenu, object{"options": []any{opt("o", x(150))}}))}, []any{input(with(aMenu, object{"options": []any{opt("o", x(151))}}))},
		"must be less than 151 characters [json-pointer:/view/blocks/0/element/options/0/value]"},
	{"option has a value", []any{input(aMenu)}, []any{input(with(aMenu, object{"options": []any{object{"text": pt("o")}}}))}, "missing required field: value [json-pointer:/view/blocks/0/element/options/0]"},
	{"option of a select plain", []any{input(aMenu)}, []any{input(with(aMenu, object{"options": []any{object{"text": md("o"), "value": "v"}}}))},
		"must be a valid enum value [json-pointer:/view/blocks/0/element/options/0/text/type]"},
	{"option of checkboxes may format", []any{input(with(aChecklst, object{"options": []any{object{"text": md("o"), "value": "v"}}}))},
		[]any{input(with(aChecklst, object{"options": []any{object{"text": object{"type": "html", "text": "o"}, "value": "v"}}}))}, "unsupported type: html [json-pointer:/view/blocks/0/element/options/0/text/type]"},
	{"description 75", []any{input(with(aMenu, object{"options": []any{with(opt("o", "v"), object{"description": pt(x(75))})}}))},
		[]any{input(with(aMenu, object{"options": []any{with(opt("o", "v"), object{"description": pt(x(76))})}}))}, "must be less than 76 characters [json-pointer:/view/blocks/0/element/options/0/description/text]"},
	{"10 checkboxes", []any{input(with(aChecklst, object{"options": opts(10)}))}, []any{input(with(aChecklst, object{"options": opts(11)}))}, "no more than 10 items allowed [json-pointer:/view/blocks/0/element/options]"},
	{"10 radio buttons", []any{input(with(aChecklst, object{"type": "radio_buttons", "options": opts(10)}))}, []any{input(with(aChecklst, object{"type": "radio_buttons", "options": opts(11)}))},
		"no more than 10 items allowed [json-pointer:/view/blocks/0/element/options]"},
	{"100 option groups", []any{input(grouped(100, 1))}, []any{input(grouped(101, 1))}, "no more than 100 items allowed [json-pointer:/view/blocks/0/element/option_groups]"},
	{"100 options in a group", []any{input(grouped(2, 100))}, []any{input(grouped(2, 101))}, "no more than 100 items allowed [json-pointer:/view/blocks/0/element/option_groups/0/options]"},
	{"initial_option is an option", []any{input(with(aMenu, object{"initial_option": opt("o1", "v1")}))}, []any{input(with(aMenu, object{"initial_option": opt("o1", "v2")}))},
		"initial option must match one of the options [json-pointer:/view/blocks/0/element]"},
	{"initial_option in a group", []any{input(with(grouped(2, 1), object{"initial_option": opt("o0", "v0")}))}, []any{input(with(grouped(2, 1), object{"initial_option": opt("o9", "v9")}))},
		"initial option must match one of the options [json-pointer:/view/blocks/0/element]"},
	{"initial_options are options", []any{input(with(aChecklst, object{"initial_options": opts(2)}))}, []any{input(with(aChecklst, object{"initial_options": opts(3)}))},
		"initial option must match one of the options [json-pointer:/view/blocks/0/element]"},
	{"initial_options not empty", []any{input(with(aChecklst, object{"initial_options": opts(1)}))}, []any{input(with(aChecklst, object{"initial_options": opts(0)}))},
		"no less than 1 items allowed [json-pointer:/view/blocks/0/element/initial_options]"},
	{"one element takes the focus", []any{input(with(aText, object{"focus_on_load": true}))},
		[]any{input(with(aText, object{"focus_on_load": true})), with(input(with(aText, object{"focus_on_load": true})), object{"block_id": "in2"})}, "only one element can set `focus_on_load` [json-pointer:/view/blocks]"},
}

func grouped(groups, each int) object {
	return object{"type": "static_select", "action_id": "pick", "option_groups": repeat(groups, func(i int) object {
		return object{"label": pt(fmt.Sprint("group ", i)), "options": opts(each)}
	})}
}

func TestBlocksOfMessagesKeepSlacksLimits(t *testing.T) {
	f := start(t, Options{})
	for _, l := range messageLimits {
		t.Run(l.name, func(t *testing.T) {
			if _, a := rawCall(t, f, "chat.postMessage", object{"channel": "C1", "blocks": l.fits}); a["ok"] != true {
				t.Errorf("what fits is refused: %v", a)
			}
			_, a := rawCall(t, f, "chat.postMessage", object{"channel": "C1", "blocks": l.breaks})
			if a["error"] != "invalid_blocks" || !slices.Contains(broken(a), "[ERROR] "+l.complain) {
				t.Errorf("got %v %q, want invalid_blocks with %q", a["error"], broken(a), l.complain)
			}
		})
	}
}

func openRaw(t *testing.T, f *Fake, view object) object {
	t.Helper()
	f.mu.Lock()
	id := f.newTrigger("U1")
	f.mu.Unlock()
	_, a := rawCall(t, f, "views.open", object{"trigger_id": id, "view": view})
	return a
}

var aModal = object{"type": "modal", "title": pt("Title"), "submit": pt("Send"), "blocks": []any{}}

func TestBlocksOfViewsKeepSlacksLimits(t *testing.T) {
	f := start(t, Options{})
	for _, l := range slices.Concat(inputLimits, searchLimits) {
		t.Run(l.name, func(t *testing.T) {
			if a := openRaw(t, f, with(aModal, object{"blocks": l.fits})); a["ok"] != true {
				t.Errorf("what fits is refused: %v", a)
			}
			a := openRaw(t, f, with(aModal, object{"blocks": l.breaks}))
			if a["error"] != "invalid_arguments" || !slices.Contains(broken(a), "[ERROR] "+l.complain) {
				t.Errorf("got %v %q, want invalid_arguments with %q", a["error"], broken(a), l.complain)
			}
		})
	}
}

func TestViewsKeepSlacksLimits(t *testing.T) {
	rows := []struct {
		name         string
		fits, breaks object
		complain     string
	}{
		{"title 24", object{"title": pt(x(24))}, object{"title": pt(x(25))}, "must be less than 25 characters [json-pointer:/view/title/text]"},
		{"title plain", object{}, object{"title": md("x")}, "must be a valid enum value [json-pointer:/view/title/type]"},
		{"title not empty", object{"title": pt("x")}, object{"title": pt("")}, "must be more than 0 characters [json-pointer:/view/title/text]"},
		{"title needed", object{}, object{"title": nil}, "missing required field: title [json-pointer:/view]"},
		{"submit 24", object{"submit": pt(x(24))}, object{"submit": pt(x(25))}, "must be less than 25 characters [json-pointer:/view/submit/text]"},
		{"close 24", object{"close": pt(x(24))}, object{"close": pt(x(25))}, "must be less than 25 characters [json-pointer:/view/close/text]"},
		{"submit needed with inputs", object{"submit": nil}, object{"submit": nil, "blocks": []any{input(aText)}}, "must define `submit` to use `input` block [json-pointer:/view/blocks/0/input]"},
		{"callback_id 255", object{"callback_id": x(255)}, object{"callback_id": x(256)}, "must be less than 256 characters [json-pointer:/view/callback_id]"},
		{"external_id 255", object{"external_id": x(255)}, object{"external_id": x(256)}, "must be less than 256 characters [json-pointer:/view/external_id]"},
		{"private_metadata 3000", object{"private_metadata": x(3000)}, object{"private_metadata": x(3001)}, "must be less than 3001 characters [json-pointer:/view/private_metadata]"},
		{"type modal", object{}, object{"type": "home"}, "must be a valid enum value [json-pointer:/view/type]"},
		{"blocks needed", object{}, object{"blocks": nil}, "missing required field: blocks [json-pointer:/view]"},
	}
	f := start(t, Options{})
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			if a := openRaw(t, f, with(aModal, r.fits)); a["ok"] != true {
				t.Errorf("what fits is refused: %v", a)
			}
			a := openRaw(t, f, with(aModal, r.breaks))
			want := "[ERROR] " + r.complain
			if a["error"] != "invalid_arguments" || !slices.Contains(broken(a), want) {
				t.Errorf("got %v %q, want invalid_arguments with %q", a["error"], broken(a), want)
			}
			if got := broken(a); len(got) == 0 || got[0] != "[ERROR] failed to match all allowed schemas [json-pointer:/view]" {
				t.Errorf("the first complaint is not about the whole view: %q", got)
			}
		})
	}
}

func TestAttachmentsKeepSlacksLimits(t *testing.T) {
	rows := []struct {
		name         string
		fits, breaks object
		complain     string
	}{
		{"hex colour", object{"color": "#A4E6DA", "fallback": "x"}, object{"color": "mauve"}, "must be a valid color [json-pointer:/attachments/0/color]"},
		{"named colour", object{"color": "good", "text": "x"}, object{"color": "#12"}, "must be a valid color [json-pointer:/attachments/0/color]"},
		{"blocks inside", object{"blocks": sections(50)}, object{"blocks": sections(51)}, "no more than 50 items allowed [json-pointer:/attachments/0/blocks]"},
		{"block rules inside", object{"blocks": []any{actions(aButton)}}, object{"blocks": []any{actions()}}, "no less than 1 items allowed [json-pointer:/attachments/0/blocks/0/elements]"},
		{"text or blocks", object{"text": "x"}, object{"text": "x", "blocks": sections(1)}, "invalid additional property: text [json-pointer:/attachments/0]"},
		{"image URL", object{"image_url": "https://x.test/1.png"}, object{"image_url": "1.png"}, "must be a valid URL [json-pointer:/attachments/0/image_url]"},
		{"title link", object{"title": "x", "title_link": "https://x.test"}, object{"title": "x", "title_link": "javascript:x"}, "must be a valid URL [json-pointer:/attachments/0/title_link]"},
	}
	f := start(t, Options{})
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			if _, a := rawCall(t, f, "chat.postMessage", object{"channel": "C1", "attachments": []any{r.fits}}); a["ok"] != true {
				t.Errorf("what fits is refused: %v", a)
			}
			_, a := rawCall(t, f, "chat.postMessage", object{"channel": "C1", "attachments": []any{r.breaks}})
			if a["error"] != "invalid_attachments" || !slices.Contains(broken(a), "[ERROR] "+r.complain) {
				t.Errorf("got %v %q, want invalid_attachments with %q", a["error"], broken(a), r.complain)
			}
		})
	}
}

func TestContentOfMessagesKeepsSlacksLimits(t *testing.T) {
	rows := []struct {
		name   string
		sent   object
		refuse string
	}{
		{"text of 40000", object{"text": x(40000)}, ""},
		{"longer text", object{"text": x(40001)}, "msg_too_long"},
		{"nothing at all", object{}, "no_text"},
		{"empty lists", object{"blocks": []any{}, "attachments": []any{}}, "no_text"},
		{"blocks alone", object{"blocks": sections(1)}, ""},
		{"blocks that are no list", object{"blocks": object{"blocks": sections(1)}}, "invalid_blocks_format"},
		{"blocks that are no JSON", object{"blocks": "[{"}, "invalid_blocks_format"},
		{"attachments that are no list", object{"attachments": object{}}, "invalid_attachments"},
		{"an attachment that is no object", object{"attachments": []any{"x"}}, "invalid_attachments"},
		{"100 attachments", object{"attachments": repeat(100, func(int) object { return object{"text": "x"} })}, ""},
		{"101 attachments", object{"attachments": repeat(101, func(int) object { return object{"text": "x"} })}, "too_many_attachments"},
		{"metadata", object{"text": "x", "metadata": object{"event_type": "card", "event_payload": object{"key": "1"}}}, ""},
		{"empty metadata of slack-go", object{"text": "x", "metadata": object{"event_type": ""}}, ""},
		{"metadata without type", object{"text": "x", "metadata": object{"event_payload": object{"key": "1"}}}, "invalid_metadata_format"},
		{"metadata without payload", object{"text": "x", "metadata": object{"event_type": "card"}}, "invalid_metadata_format"},
	}
	f := start(t, Options{})
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			_, a := rawCall(t, f, "chat.postMessage", with(r.sent, object{"channel": "C1"}))
			if got, _ := a["error"].(string); got != r.refuse {
				t.Errorf("got the error %q, want %q", got, r.refuse)
			}
		})
	}
}

func TestEditingTakesLessTextThanPosting(t *testing.T) {
	f := start(t, Options{})
	_, posted := rawCall(t, f, "chat.postMessage", object{"channel": "C1", "text": x(40000)})
	for text, refuse := range map[string]string{x(2000): "", x(2000) + "x": "msg_too_long"} {
		_, a := rawCall(t, f, "chat.update", object{"channel": "C1", "ts": posted["ts"], "text": text})
		if got, _ := a["error"].(string); got != refuse {
			t.Errorf("%d bytes: got the error %q, want %q", len(text), got, refuse)
		}
	}
}

func TestEveryBrokenRuleIsNamed(t *testing.T) {
	f := start(t, Options{})
	_, a := rawCall(t, f, "chat.postMessage", object{"channel": "C1", "blocks": []any{
		object{"type": "header", "text": pt(x(151))}, actions(with(aButton, object{"value": x(2001)})),
	}})
	same(t, "errors", a["errors"], any([]any{
		"must be less than 151 characters [json-pointer:/blocks/0/text/text]",
		"must be less than 2001 characters [json-pointer:/blocks/1/elements/0/value]",
	}))
}

func TestAViewOf250KilobytesIsTooLarge(t *testing.T) {
	f := start(t, Options{})
	a := openRaw(t, f, with(aModal, object{"blocks": repeat(90, func(int) object {
		return object{"type": "section", "text": md(strings.Repeat("x", 3000))}
	})}))
	if a["error"] != "view_too_large" {
		t.Errorf("got %v", a)
	}
}

package slack

import (
	"net/url"
	"testing"
)

// FuzzSoleField holds that a form's only field is decoded as url.ParseQuery decodes it, and anything else left to that.
func FuzzSoleField(f *testing.F) {
	for _, form := range []string{"payload=", "payload=a", "payload=%7B%22a%22%3A+1%7D", "payload=%zz", "payload=%7", "payload=%", "payload=a&x=1",
		"payload=a;b", "x=1&payload=a", "payload=a=b", "payload=%C3%A9é", "pay%6coad=a"} {
		f.Add(form)
	}
	f.Fuzz(func(t *testing.T, form string) {
		body := []byte(form)
		got, ok := soleField(body, "payload=")
		if !ok {
			if string(body) != form {
				t.Errorf("%q became %q", form, body)
			}
			return
		}
		want, err := url.ParseQuery(form)
		if err != nil || len(want) != 1 || len(want["payload"]) != 1 || want.Get("payload") != string(got) {
			t.Errorf("%q is %q, and ParseQuery says %q, %v", form, got, want, err)
		}
	})
}

func TestAPayloadIsASoleField(t *testing.T) {
	body := payloadBody(formPayload)
	if got, ok := soleField([]byte(body), "payload="); !ok || string(got) != formPayload {
		t.Errorf("%v, %.100q", ok, got)
	}
}

func TestOfAFieldThatIsThereTwiceTheLastCounts(t *testing.T) {
	p, err := readInteraction([]byte(`{"type":"x","type":"block_actions","user":{"id":"U1"},"trigger_id":"1","actions":[{"value":"a"}],"actions":[{"value":"b","value":"c"}],
		"view":{"id":"V1","blocks":[{"type":"input","block_id":"a"}],"blocks":[{"type":"input","block_id":"b"}],
		"state":{"values":{"a":{"a":{"selected_options":[{"value":"1"}],"selected_options":[{"value":"2"}]}}}}}}`))
	if err != nil || p.Type != buttonPressed || len(p.Actions) != 1 || p.Actions[0].Value != "c" {
		t.Errorf("%v, %+v", err, p)
	}
	if names := p.View.inputs(); len(names) != 1 || names[0] != "b" || p.View.Values["a"]["a"].String() != "2" {
		t.Errorf("%+v", p.View)
	}
}

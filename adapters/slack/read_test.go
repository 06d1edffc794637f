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

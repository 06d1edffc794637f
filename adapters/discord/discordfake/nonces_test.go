package discordfake

import "testing"

func TestNoncesCanBeForgotten(t *testing.T) {
	w := newWorld(t, Options{})
	const body = `{"content":"one","nonce":"card-1","enforce_nonce":true}`
	first := w.post(body)
	w.ForgetNonces()
	second := w.post(body)
	if second == first {
		t.Error("the nonce is remembered")
	}
	if again := w.post(body); again != second {
		t.Error("the nonce of the message that came after is forgotten, too")
	}
}

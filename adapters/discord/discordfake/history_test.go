package discordfake

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMessagesBeforeOne(t *testing.T) {
	w := newWorld(t, Options{})
	var want []string
	for _, body := range []string{`{"content":"one"}`, `{"content":"two"}`, `{"content":"three"}`} {
		want = append(want, w.post(body))
	}
	list, err := w.s.ChannelMessages(general, 100, want[2], "", "")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range list {
		got = append(got, m.ID)
	}
	if diff := cmp.Diff([]string{want[1], want[0]}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if list, err = w.s.ChannelMessages(general, 1, want[2], "", ""); err != nil || len(list) != 1 || list[0].ID != want[1] {
		t.Errorf("the one before: %+v, %v", list, err)
	}
	if status, answer := w.api(http.MethodGet, "/channels/"+general+"/messages?before=yesterday", ""); answer["code"] != 50035.0 {
		t.Errorf("before what is no ID: %d %v", status, answer)
	}
}

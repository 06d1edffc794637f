package slack

import "testing"

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

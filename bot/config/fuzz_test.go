package config_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"communitybot/bot/config"
)

// planted is in every secret that a test sets.
const planted = "hush7hush"

// FuzzLoadAnyEnvironment sets any variable to anything, and others beside it. What comes of it is a Config or problems
// with variables that exist, and neither shows a secret, not even one that was pasted into the wrong line.
func FuzzLoadAnyEnvironment(f *testing.F) {
	for i, v := range config.Variables() {
		f.Add(uint8(i), "", uint8(0), v.Default, "")
	}
	for _, w := range wrongs {
		i := slices.IndexFunc(config.Variables(), func(v config.Variable) bool { return v.Name == w.variable })
		f.Add(uint8(i), w.value, uint8(i+1), w.value, "")
	}
	f.Add(uint8(2), "postgres://a:b@c", uint8(30), planted, "X=${"+planted+"}")
	f.Add(uint8(5), "xoxb-\x00", uint8(9), "a,"+planted+",b", "SLACK_BOT_TOKEN='"+planted)
	f.Fuzz(func(t *testing.T, first uint8, one string, second uint8, other, line string) {
		all := config.Variables()
		v := sound.with(nil)
		for _, x := range all {
			if x.Secret {
				v[x.Name] = planted
			}
		}
		for _, set := range []struct {
			i     uint8
			value string
		}{{first, one}, {second, other}} {
			x := all[int(set.i)%len(all)]
			v[x.Name] = set.value
			switch {
			case x.Secret:
				v[x.Name] = planted + set.value
			case x.Name == "DATABASE_URL":
				v[x.Name] = strings.ReplaceAll(set.value, planted, "")
			}
		}
		file := write(t, "GENUIN_API_SECRET="+planted+"\n"+line)
		c, err := config.Load(v.environ(), file)
		shown := fmt.Sprintf("%v %+v %#v", c, c, c)
		asJSON, encoding := json.Marshal(c)
		if encoding != nil && err == nil {
			t.Errorf("not to be shown: %v", encoding)
		}
		if !strings.Contains(one+other+line, planted) { // a label that is like a secret is a label
			silent(t, shown+string(asJSON), planted)
		}
		if err == nil {
			return
		}
		silent(t, err.Error(), planted)
		var p *config.Problems
		if !errors.As(err, &p) {
			t.Fatalf("got %v, want *Problems", err)
		}
		for _, problem := range p.List {
			known := problem.Variable == file || problem.Variable == "SLACK_BOT_TOKEN or DISCORD_BOT_TOKEN" ||
				slices.ContainsFunc(all, func(x config.Variable) bool { return x.Name == problem.Variable })
			if !known || problem.What == "" || strings.ContainsFunc(problem.What, unicode.IsControl) {
				t.Errorf("problem %+v", problem)
			}
		}
	})
}

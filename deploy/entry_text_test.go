package deploy_test

import (
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"communitybot/adapters/person"
)

// hostile are words that mean something to one platform or the other, or to a spreadsheet.
var hostile = []string{
	`<!channel> <!here> <!everyone> <@U3> <!subteam^S1> <#C1>`,
	`@everyone @here <@1300000000000000003> <@&1400000000000000001> <#1200000000000000001>`,
	`&lt;!channel&gt; &amp;lt;!here&amp;gt;`,
	`<https://evil.test|our bank> [our bank](https://evil.test)`,
	"*bold* _slanted_ ~struck~ **bold** __under__ ~~struck~~",
	"`code` ```more``` ||hidden|| \\*not\\* ",
	`> quote # heading - list 1. list -# small`,
	`</textarea><script>alert(1)</script> {{.}} ${x} %s %!d(x)`,
	`=HYPERLINK("https://evil.test","x")`,
	`+1+cmd|' /C calc'!A0`,
	`-2+3`,
	`@SUM(1+1)`,
	`" =1+1`,
	`'=1+1`,
	`x;=1+1;" @SUM(1)`,
}

// spoken is what is seen of words: without what can't be seen.
func spoken(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if strings.ContainsRune("\u200b\u00ad\u2060", r) {
			return -1
		}
		return r
	}, s)), " ")
}

// TestWhatPeopleWriteIsShownAsTheyWroteIt puts hostile words wherever people, groups, or Genuin, can put any, and checks
// what goes to the platforms and what is seen there.
func TestWhatPeopleWriteIsShownAsTheyWroteIt(t *testing.T) {
	for _, words := range hostile {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			f := startFakes(t, slackOptions)
			f.populate()
			for _, name := range []string{"Ada", "Ben"} { // people are called that, too
				f.slack.AddUser(onSlack[name], words)
				f.discord.AddUser(onDiscord[name], words, role)
			}
			f.slack.AddGroup("S1", words, onSlack["Ben"])
			f.discord.AddRole(role, words)
			d := serveOn(t, f, "APPROVALS_REQUIRED=1", "APPROVERS=slack:S1,discord:"+role+",{Ben}", "ALLOW_SELF_APPROVAL=true", "GENUIN_BASE_URL="+givingGenuin(t, func(w http.ResponseWriter) {
				w.WriteHeader(http.StatusBadRequest)
				_, _ = io.WriteString(w, asJSON(object{"code": "400", "message": "X1-[" + words + "]"}))
			}))
			d.lives("slack", words, 1)
			d.lives("discord", words, 3)
			d.shows(d.slack, onSlack, words)
			d.shows(d.discord, onDiscord, words)
			for _, r := range d.slack.Requests() {
				d.checkSlack(r)
			}
			for _, x := range d.discord.Requests() {
				d.checkDiscord(x)
			}
			d.exportsNoFormula(words)
			d.p.stop()
		})
	}
}

// role is the one of approvers on Discord.
const role = "1400000000000000001"

// lives takes two requests, numbered from first on, through a life in which everything that can be said is said in those
// words.
func (d *door) lives(platform, words string, first int) {
	d.t.Helper()
	fields := map[string]string{
		"name": words, "handle": "acme-" + platform, "description": words + "\n" + words, "why": words,
		"new_categories": words[:min(len(words), 40)], "tags": "x", "picture": "a.png",
	}
	sends := func(who, call string, fields map[string]string) {
		d.says(platform, sentForm(platform, unique(), who+"="+words, "general", call, fields))
	}
	sends("Ada", "create-community", fields)
	d.settled(fmt.Sprintf("%d pending", first))
	sends("Ben", fmt.Sprintf("changes?id=%d&v=1", first), map[string]string{"reason": words})
	fields["description"] = words
	sends("Ada", fmt.Sprintf("edit?id=%d&v=2", first), fields)
	sends("Ben", fmt.Sprintf("deny?id=%d&v=3", first), map[string]string{"reason": words})
	d.settled(fmt.Sprintf("%d rejected", first))
	sends("Ada", "create-community", fields)
	d.says(platform, pressed(platform, unique(), "Ben="+words, "general", fmt.Sprintf("approve?id=%d&v=1", first+1)))
	d.settled(fmt.Sprintf("%d failed", first+1))
	d.says(platform, d.command(platform, unique(), "Ada", fmt.Sprintf("show %d", first+1)))
	d.says(platform, pressed(platform, unique(), "Ben="+words, "general", fmt.Sprintf("details?id=%d&v=1", first)))
	for field := range fields { // what is wrong with a form is told in words that quote it
		bad := map[string]string{"name": "Acme", "handle": "bad-" + platform}
		bad[field] = words + strings.Repeat("x", 4000)
		sends("Ada", "create-community", bad)
	}
	until(d.t, "all is told: asked, changes asked for, edited, denied; asked, agreed, failed", func() bool {
		return d.told(first) == 4 && d.told(first+1) == 3
	})
}

// told is how many lines stand below the card of a request.
func (d *door) told(request int) (n int) {
	for _, line := range d.history() {
		if strings.HasPrefix(line, fmt.Sprint(request, " ")) && strings.HasSuffix(line, " told by ") {
			n++
		}
	}
	return n
}

func (d *door) chat(platform string) person.Chat {
	return map[string]person.Chat{"slack": d.slack, "discord": d.discord}[platform]
}

func (d *door) ids(platform string) map[string]string {
	return map[string]map[string]string{"slack": onSlack, "discord": onDiscord}[platform]
}

// shows checks what people see: the words as they were written, and nobody notified but those who have to do with it.
func (d *door) shows(chat person.Chat, ids map[string]string, words string) {
	d.t.Helper()
	messages, err := chat.Read(d.t.Context(), ids["Ada"], ids["general"])
	if err != nil {
		d.t.Fatal(err)
	}
	known := []string{ids["Ada"], ids["Ben"], "S1", role}
	for _, card := range messages {
		if n := strings.Count(spoken(card.Text), spoken(words)); n < 3 { // name, description, why
			d.t.Errorf("the card shows %q %d times: %s", words, n, card.Text)
		}
		told := 0
		for _, m := range append(card.Thread, card) {
			for _, who := range m.Pings {
				if !slices.Contains(known, who) {
					d.t.Errorf("%s is notified by %q", who, m.Text)
				}
			}
			if slices.Contains(m.Links, "https://evil.test") && !strings.Contains(m.Text, "https://evil.test") {
				d.t.Errorf("it links to %v without saying so: %q", m.Links, m.Text)
			}
			if strings.Contains(spoken(m.Text), spoken(words)) {
				told++
			}
		}
		if told < 3 {
			d.t.Errorf("%q is told %d times below the card: %+v", words, told, card.Thread)
		}
	}
}

// exportsNoFormula checks the cells of the export, as a spreadsheet takes them.
func (d *door) exportsNoFormula(words string) {
	d.t.Helper()
	_, out, errOut := runs(d.t, d.env, "export", "--format", "csv")
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil || len(rows) < 10 {
		d.t.Errorf("%d lines, %v, %s", len(rows), err, errOut)
	}
	plain := strings.NewReplacer(`""`, `"`, "'", "") // quoted, and with what keeps formulas from being any
	if !strings.Contains(spoken(plain.Replace(out)), spoken(plain.Replace(words))) {
		d.t.Errorf("%q is not in the export", words)
	}
	for _, row := range rows {
		for _, cell := range row {
			for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(";\t\r\n", r) }) { // where others part it
				if first := strings.TrimLeft(part, " \"\u00a0\u200b\ufeff"); first != "" && strings.ContainsAny(first[:1], "=+-@") {
					d.t.Errorf("a cell that may be a formula: %q", cell)
				}
			}
		}
	}
}

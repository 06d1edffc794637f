package deploy_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// forged is what somebody sends whose client of a real platform lies: the platform signs it, the values are invented.
type forged struct {
	name, who, channel, call string
	fields                   map[string]string // of a sent form; nil: a button was pressed
}

// decisions are all that may be tried to decide on request 1, Ada's in the channel general, of which Ben and Cleo are
// the approvers and Ben has agreed to version 1. Request 2 is Dan's.
func decisions() []forged {
	all := []forged{
		{name: "the requester", who: "Ada", call: "id=1&v=1"},
		{name: "somebody who is no approver", who: "Dan", call: "id=1&v=1"},
		{name: "somebody who says they are", who: "Dan", call: "id=1&v=1&user=U2&by=U2&who=Ben&self=true&groups=U2&policy=0&required=0"},
		{name: "the requester, who says it is allowed", who: "Ada", call: "id=1&v=1&self=true&ALLOW_SELF_APPROVAL=true"},
		{name: "an approver elsewhere", who: "Cleo", channel: "elsewhere", call: "id=1&v=1"},
		{name: "an approver elsewhere, who says where", who: "Cleo", channel: "elsewhere", call: "id=1&v=1&channel=C1&at=C1&message=1.1"},
		{name: "an approver, on their own request", who: "Ben", call: "id=3&v=1"},
		{name: "on a version to come", who: "Cleo", call: "id=1&v=2"},
		{name: "on a version before", who: "Cleo", call: "id=1&v=0"},
		{name: "on a version below zero", who: "Cleo", call: "id=1&v=-1"},
		{name: "on a version beyond numbers", who: "Cleo", call: "id=1&v=18446744073709551617"},
		{name: "on a version that is no number", who: "Cleo", call: "id=1&v=1.0"},
		{name: "on no version", who: "Cleo", call: "id=1"},
		{name: "on version 1 after another one", who: "Cleo", call: "id=1&v=9&v=1"},
		{name: "on nothing", who: "Cleo", call: "v=1"},
		{name: "on a request of nobody", who: "Cleo", call: "id=99&v=1"},
		{name: "on request 0", who: "Cleo", call: "id=0&v=1"},
		{name: "on a request below zero", who: "Cleo", call: "id=-1&v=1"},
		{name: "on a request beyond numbers", who: "Cleo", call: "id=18446744073709551617&v=1"},
		{name: "on a request in SQL", who: "Cleo", call: "id=1+OR+1%3D1&v=1"},
		{name: "on a request in hex", who: "Cleo", call: "id=0x1&v=1"},
		{name: "with NUL", who: "Cleo", call: "id=1%00&v=1"},
	}
	var each []forged
	for _, f := range all {
		for command, fields := range map[string]map[string]string{
			"approve": nil, "deny": {"reason": "Forged"}, "changes": {"reason": "Forged"},
		} {
			f := f
			f.name, f.call, f.fields = command+", "+f.name, command+"?"+f.call, fields
			each = append(each, f)
			if fields == nil { // a form that no command has, sent all the same
				f.name, f.fields = f.name+", in a form", map[string]string{"reason": "Forged"}
			} else {
				f.name, f.fields = f.name+", by the button alone", nil
			}
			each = append(each, f)
		}
	}
	return each
}

// others are the ways to change what is somebody else's, and to do what there is no button for.
func others() []forged {
	form := map[string]string{"name": "Forged", "handle": "forged", "link": "https://evil.test/forged", "reason": "Forged", "id": "1", "v": "1"}
	var all []forged
	for _, command := range []string{"edit", "withdraw", "remind", "fix", "rename", "retry", "link", "create-community"} {
		for _, who := range []string{"Ben", "Cleo", "Dan"} {
			all = append(all,
				forged{command + " by " + who, who, "", command + "?id=1&v=1", nil},
				forged{command + " by " + who + ", sent", who, "", command + "?id=1&v=1", form})
		}
	}
	for _, command := range []string{"fix", "rename", "retry", "link"} { // not now, and not before it failed
		all = append(all, forged{command + " by Ada", "Ada", "", command + "?id=1&v=1", nil}, forged{command + " by Ada, sent", "Ada", "", command + "?id=1&v=1", form})
	}
	all = append(all,
		forged{"Ben's yes, taken back by Cleo", "Cleo", "", "takeback?id=1&v=1", nil},
		forged{"Ben's yes, taken back by Ada", "Ada", "", "takeback?id=1&v=1", nil},
		forged{"Ben's yes, taken back by Dan who says he is Ben", "Dan", "", "takeback?id=1&v=1&user=U2", nil},
		forged{"Ben's yes, taken back of a version to come", "Ben", "", "takeback?id=1&v=2", nil},
		forged{"Ben's yes, said again", "Ben", "", "approve?id=1&v=1", nil},
		forged{"what is typed, pressed", "Dan", "", "communities?text=withdraw+1", nil},
		forged{"a call that is too long", "Dan", "", "approve?id=1&v=1&x=" + strings.Repeat("x", 5000), nil},
		forged{"a form filled in with another's", "Dan", "", "edit?id=2&v=1&id=1", nil},
	)
	for _, call := range []string{
		"make?id=1&v=1", "sync?id=1&v=1", "wake?id=1&v=1", "created?id=1&v=1", "Approve?id=1&v=1", "approve%20?id=1&v=1", "approve/?id=1&v=1",
		"?id=1&v=1", "approve;id=1;v=1", "approve?%zz", "{\"command\":\"approve\"}", "../approve?id=1&v=1", "home?id=1", "!approve?id=1&v=1", "+approve?id=1&v=1",
		"~s1:", "~s:", "~", "~sapprove?id=1&v=1:", "~w1:", "~m1:name", "~c1:name", "~x1:1", "", " ",
	} {
		all = append(all, forged{fmt.Sprintf("%.40q pressed", call), "Cleo", "", call, nil}, forged{fmt.Sprintf("%.40q sent", call), "Cleo", "", call, form})
	}
	return all
}

// body is what the platform delivers of it.
func (f forged) body(platform string) string {
	channel := cmp.Or(f.channel, "general")
	if f.fields == nil {
		return pressed(platform, unique(), f.who, channel, f.call)
	}
	return sentForm(platform, unique(), f.who, channel, f.call, f.fields)
}

// steps are bodies of other kinds than a button or a sent form, by which somebody says what approves.
func steps(platform string) map[string]string {
	all := map[string]string{}
	for _, who := range []string{"Dan", "Ada"} {
		if platform == "discord" {
			options := []object{{"type": 3, "name": "id", "value": "1"}, {"type": 3, "name": "v", "value": "1", "focused": true}}
			for kind, name := range map[int]string{2: "a command", 4: "an option being typed"} {
				all[name+" by "+who] = onDiscordBy(who, "general", kind, unique(), object{"id": "1", "type": 1, "name": "approve", "options": options})
			}
			all["a message's command by "+who] = onDiscordBy(who, "general", 2, unique(), object{"id": "1", "type": 3, "name": "approve?id=1&v=1", "target_id": "1"})
			all["a menu by "+who] = onDiscordBy(who, "general", 3, unique(), object{"custom_id": "approve?id=1&v=1", "component_type": 3, "values": []string{"1"}})
			continue
		}
		view := func(kind string) object {
			at := object{"platform": "slack", "tenant": "T0FAKE", "channel": "C1"}
			return object{"id": "V" + unique(), "type": kind, "private_metadata": asJSON(object{"call": "approve?id=1&v=1", "at": at}),
				"blocks": []object{{"type": "input", "block_id": "name"}}}
		}
		action := []object{{"block_id": "name", "value": "approve?id=1&v=1"}}
		in := object{"type": "view"}
		all["a field that others follow by "+who] = onSlackBy(who, object{"type": "block_actions", "trigger_id": unique(), "container": in, "view": view("modal"), "actions": action})
		all["a button at home by "+who] = onSlackBy(who, object{"type": "block_actions", "trigger_id": unique(), "container": in, "view": view("home"), "actions": action})
		all["a menu being typed in by "+who] = onSlackBy(who, object{"type": "block_suggestion", "block_id": "name", "value": "x", "view": view("modal")})
		all["a shortcut by "+who] = onSlackBy(who, object{"type": "message_action", "trigger_id": unique(), "callback_id": "approve?id=1&v=1",
			"channel": object{"id": "C1"}, "message": object{"text": "approve?id=1&v=1"}})
		all["a form that was closed by "+who] = onSlackBy(who, object{"type": "view_closed", "view": view("modal")})
	}
	return all
}

// TestForgedButtonsChangeNothing tries to decide on, and to change, a request of Ada's that waits for one more yes.
func TestForgedButtonsChangeNothing(t *testing.T) {
	for _, platform := range []string{"slack", "discord"} {
		t.Run(platform, func(t *testing.T) {
			d := openDoor(t, "APPROVALS_REQUIRED=2", "APPROVERS={Ben},{Cleo}")
			d.t = t
			for _, who := range []string{"Ada", "Dan", "Ben"} {
				d.says(platform, sentForm(platform, unique(), who, "general", "create-community", map[string]string{"name": "Of " + who, "handle": "of-" + strings.ToLower(who)}))
			}
			d.says(platform, pressed(platform, unique(), "Ben", "general", "approve?id=1&v=1"))
			until(t, "all is told", func() bool { return d.times(`"Of Ada" told`) >= 2 && d.times("told") >= 4 })
			bodies := steps(platform)
			for _, f := range append(decisions(), others()...) {
				bodies[f.name] = f.body(platform)
			}
			approves := forged{who: "Cleo", call: "approve?id=1&v=1"}
			bodies["an approver in another workspace"] = strings.NewReplacer("T0FAKE", "T0EVIL", "1100000000000000002", "1100000000000000003").Replace(approves.body(platform))
			for name, body := range bodies {
				t.Run(name, func(t *testing.T) {
					before := d.history()
					d.sends(d.signedNow(platform, body))
					if diff := gocmp.Diff(before, d.history()); diff != "" {
						t.Fatalf("it changed something (-before +after):\n%s", diff)
					}
				})
			}
			if n := len(d.genuin.Calls()); n > 0 {
				t.Errorf("Genuin got %d calls", n)
			}
			d.says(platform, pressed(platform, unique(), "Cleo", "general", "approve?id=1&v=1")) // the same was one honest press away
			d.settled(`"Of Ada" created`)
			d.p.stop()
		})
	}
}

// TestForgedButtonsShowNothing presses every button there is about others' requests from where they are nobody's business:
// neither what they are called, nor whose they are, nor how they stand is in the answer. Discord is asked, which is answered
// in the body; what is decided is the same everywhere.
func TestForgedButtonsShowNothing(t *testing.T) {
	d := openDoor(t, "APPROVALS_REQUIRED=2", "APPROVERS={Ben},{Cleo}")
	for _, name := range []string{"Hidden", "Denied", "Gone"} {
		d.says("discord", sentForm("discord", unique(), "Ada", "general", "create-community", map[string]string{"name": name, "handle": strings.ToLower(name)}))
		d.settled(fmt.Sprintf("%q told", name))
	}
	d.says("discord", pressed("discord", unique(), "Ben", "general", "approve?id=1&v=1"))
	d.says("discord", sentForm("discord", unique(), "Ben", "general", "deny?id=2&v=1", map[string]string{"reason": "Because"}))
	d.says("discord", pressed("discord", unique(), "Ada", "general", "withdraw?id=3&v=1"))
	until(t, "all have happened", func() bool { return d.times("denied") > 0 && d.times("withdrawn") > 0 && d.times("agreed") > 0 })
	if answer := d.says("discord", pressed("discord", unique(), "Dan", "general", "details?id=1&v=1")); !strings.Contains(answer, "Hidden") {
		t.Errorf("where the card is, it is not shown: %s", answer)
	}
	fields := map[string]string{"reason": "Other", "name": "Other", "handle": "other", "link": "https://begenuin.com/other"}
	bodies := map[string]string{}
	for _, command := range []string{"approve", "takeback", "deny", "changes", "edit", "withdraw", "remind", "fix", "rename", "retry", "link", "details", "create-community", "!edit", "~p1:name"} {
		for id := 1; id <= 3; id++ {
			call := fmt.Sprintf("%s?id=%d&v=1", command, id)
			bodies[call] = pressed("discord", unique(), "Dan", "elsewhere", call)
			bodies[call+" in a form"] = sentForm("discord", unique(), "Dan", "elsewhere", call, fields)
		}
	}
	for _, text := range []string{"show+1", "show+2", "withdraw+1", "list+all", "list+waiting"} {
		bodies[text] = pressed("discord", unique(), "Dan", "elsewhere", "communities?text="+text)
	}
	for name, body := range bodies {
		for where, body := range map[string]string{"elsewhere": body, "in another server": strings.Replace(body, "1100000000000000002", "1100000000000000003", 1)} {
			answer := strings.ToLower(d.says("discord", body))
			for _, told := range []string{"hidden", "denied", "gone", "ada", "ben", "cleo", "withdrawn", "was denied", "of 2", "waits for approval"} {
				if strings.Contains(answer, told) {
					t.Errorf("%s, %s is answered %s", where, name, answer)
					break
				}
			}
		}
	}
	d.p.stop()
}

package commands

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

func TestMembershipThatCantBeFoundOutIsSaid(t *testing.T) {
	why := &bot.Error{Code: bot.Forbidden, Message: "Slack does not say who is in the group: the scope usergroups:read is missing."}
	broken := directory{members: map[string][]string{"S2": {"U3"}}, broken: map[string]error{"S1": why}}
	w := newWorld(t, func(o *Options) {
		o.Directories = map[string]bot.Directory{"slack": broken}
		o.Policy = bot.Policy{Required: 2, Approvers: []bot.Approver{{Platform: "discord", ID: "9"}, {Platform: "slack", ID: "S1"}, {Platform: "slack", ID: "S2"}}}
	})
	r := w.ask(acme)
	for _, command := range []string{nameApprove, nameDeny, nameChanges} {
		if got := w.refused(w.press(ben, bot.Open, r, command, nil), bot.Forbidden); got.Message != why.Message {
			t.Errorf("%s: %q", command, got.Message)
		}
	}
	if got := w.refused(w.press(ben, bot.Submit, r, nameDeny, nil), bot.Forbidden); got.Message != why.Message {
		t.Errorf("%q", got.Message)
	}
	for _, text := range []string{"show 1", "list waiting", "list all"} {
		e := w.event(ben, bot.Open, bot.Call{Command: nameCommunities, Values: bot.Values{"text": text}})
		if got := w.refused(e, bot.Forbidden); got.Message != why.Message {
			t.Errorf("%s: %q", text, got.Message)
		}
	}
	for _, got := range []string{w.told(ben, "help"), w.toldBy(w.press(ben, bot.Open, r, nameDetails, nil))} {
		if !strings.Contains(got, "that can't be said at the moment. "+why.Message) {
			t.Errorf("told %q", got)
		}
	}
	w.does(w.press(cleo, bot.Open, r, nameApprove, nil)) // another group has her
	if now := w.load(r.ID); !now.Voted(cleo) {
		t.Error("a member of the group that can be read is refused")
	}
}

func TestWhoCanDecideInWords(t *testing.T) {
	ops := bot.User{ID: "S1", Name: "ops", Group: true}
	unknown := bot.User{ID: "U8"}
	for want, users := range map[string][]bot.User{
		"anybody but the one who asked": nil,
		"Ben":                           {ben},
		"Ben or @ops":                   {ben, ops},
		"@ops, Ben or Cleo":             {ops, ben, cleo},
		"an approver":                   {unknown, unknown},
		"Ben or an approver":            {ben, unknown, unknown},
	} {
		if got := english.who(bot.Policy{}, users); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := english.who(bot.Policy{Self: true}, nil); got != "anybody" {
		t.Errorf("%q", got)
	}
	w := under(t, bot.Policy{Approvers: append(slices.Clone(approvers), bot.Approver{Platform: "slack", ID: "U8"}, bot.Approver{Platform: "discord", ID: "9"})})
	got, err := w.named(t.Context(), w.Policy, bot.Place{Platform: "slack", Tenant: "T1"})
	if err != nil {
		t.Fatal(err)
	}
	want := []bot.User{ben, {Platform: "slack", ID: "S1", Name: "ops", Group: true}, {Platform: "slack", ID: "U8"}} // nobody who is asked elsewhere
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	got = append(got, bot.User{Platform: "discord", ID: "9"})
	if got := english.calling(got, "discord"); got.String() != "@an approver " {
		t.Errorf("on Discord %q is called", got)
	}
}

func TestGroupsAreLookedUpOnlyWhenNothingElseIsWrong(t *testing.T) {
	broken := directory{broken: map[string]error{"S1": &bot.Error{Code: bot.Busy, Message: "Slack does not answer."}}}
	for name, c := range map[string]struct {
		who    bot.User
		at     bot.Place
		before func(w *world, r bot.Request)
		code   bot.Code
		words  string
	}{
		"nothing":   {cleo, there, nil, bot.Busy, "Slack does not answer."},
		"elsewhere": {cleo, here, nil, bot.Forbidden, "not here"},
		"one's own": {ada, there, nil, bot.Forbidden, "others have to decide"},
		"withdrawn": {cleo, there, func(w *world, r bot.Request) { w.does(w.press(ada, bot.Open, r, nameWithdraw, nil)) }, bot.Conflict, "it was withdrawn."},
		"an old card": {cleo, there, func(w *world, r bot.Request) {
			w.does(w.press(ada, bot.Submit, r, nameEdit, bot.Values{fieldTags: "new"}))
		}, bot.Conflict, "out of date"},
	} {
		for command, steps := range map[string][]bot.Step{nameApprove: {bot.Open}, nameDeny: {bot.Open, bot.Submit}} {
			t.Run(name+", "+command, func(t *testing.T) {
				w := newWorld(t, func(o *Options) {
					o.Directories = map[string]bot.Directory{"slack": broken}
					o.Policy = bot.Policy{Required: 1, Channel: there, Approvers: []bot.Approver{{Platform: "slack", ID: "S1"}}}
				})
				r := w.ask(acme)
				if c.before != nil {
					c.before(w, r)
				}
				for _, step := range steps {
					e := w.press(c.who, step, r, command, nil)
					e.At = c.at
					if got := w.refused(e, c.code); !strings.Contains(got.Message, c.words) {
						t.Errorf("message %q, want %q in it", got.Message, c.words)
					}
				}
			})
		}
	}
}

func TestAPlatformThatCouldNotBeAskedForNamesIsSaid(t *testing.T) {
	busy := &bot.Error{Code: bot.Busy}
	for name, c := range map[string]struct {
		err  error
		want error
	}{
		"busy":            {busy, busy},
		"a plain error":   {errDisk, errDisk},
		"not there":       {&bot.Error{Code: bot.NotFound}, nil},
		"not let in":      {&bot.Error{Code: bot.Forbidden}, nil},
		"it knows nobody": {nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(o *Options) {
				o.Directories = map[string]bot.Directory{"slack": directory{names: slack.names, broken: map[string]error{"S1": c.err}}}
			})
			got, err := w.named(t.Context(), bot.Policy{Approvers: []bot.Approver{{Platform: "slack", ID: "S1"}, {Platform: "slack", ID: "U2"}}}, here)
			if !errors.Is(err, c.want) || len(got) != 2 || got[1].Name != "Ben" {
				t.Errorf("%v, error %v, want %v", got, err, c.want)
			}
		})
	}
}

// tenants notes where somebody was looked up.
type tenants map[string]string

func (t tenants) InGroup(context.Context, bot.User, string) (bool, error) { return false, nil }

func (t tenants) Who(_ context.Context, tenant, id string) (bot.User, error) {
	t[id] = tenant
	return bot.User{ID: id}, nil
}

func TestNamesAreLookedUpWhereTheApproversAre(t *testing.T) {
	people := []bot.Approver{{Platform: "slack", ID: "U2"}, {Platform: "discord", ID: "7"}}
	for name, c := range map[string]struct {
		channel bot.Place
		want    tenants
	}{
		"where one is":               {bot.Place{}, tenants{"U2": "T1"}},
		"in their channel":           {bot.Place{Platform: "slack", Tenant: "T2", Channel: "C2"}, tenants{"U2": "T2"}},
		"in their channel elsewhere": {bot.Place{Platform: "discord", Tenant: "G1", Channel: "D1"}, tenants{"7": "G1"}},
		"where nobody is":            {bot.Place{Platform: "irc", Channel: "#1"}, tenants{"U2": "T1", "7": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			got := tenants{}
			w := newWorld(t, func(o *Options) { o.Directories = map[string]bot.Directory{"slack": got, "discord": got} })
			if _, err := w.named(t.Context(), bot.Policy{Approvers: people, Channel: c.channel}, here); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

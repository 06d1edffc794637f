package commands

import (
	"cmp"
	"context"
	"slices"
	"time"

	"communitybot/bot"
)

// withGroups completes what is known of the one who acts: whether they are in a group that the policy names. When that
// can't be found out, the error says why; nobody is refused in silence.
func (c *Commands) withGroups(ctx context.Context, e bot.Event, p bot.Policy) (bot.Event, error) {
	directory := c.Directories[e.By.Platform]
	if p.Approves(e.By) || directory == nil {
		return e, nil
	}
	var unknown error
	for _, a := range p.Approvers {
		if a.Platform != e.By.Platform {
			continue
		}
		in, err := directory.InGroup(ctx, e.By, a.ID)
		if err != nil {
			unknown = err // another group may still have them
		}
		if in {
			e.By.Groups = append(slices.Clone(e.By.Groups), a.ID)
			return e, nil
		}
	}
	return e, unknown
}

// nameWithin is how long looking up names may take while somebody waits: they are a nicety.
const nameWithin = 500 * time.Millisecond

// namedWithin is how long it may take while nobody does: whoever is notified must be known.
const namedWithin = 10 * time.Second

// approvers returns the people and groups that a request's policy names, as far as their platforms know them.
func (c *Commands) approvers(ctx context.Context, r *bot.Request) []bot.User {
	ctx, cancel := context.WithTimeout(ctx, nameWithin)
	defer cancel()
	all, _ := c.named(ctx, r.Policy, r.At) // without names the words say "an approver"
	return all
}

// present are the approvers on the platform where they are asked: at place, unless the policy says where. When it names
// none there they are all of them.
func present(p bot.Policy, place bot.Place) []bot.Approver {
	asked := cmp.Or(p.Channel.Platform, place.Platform)
	there := slices.DeleteFunc(slices.Clone(p.Approvers), func(a bot.Approver) bool { return a.Platform != asked })
	if len(there) == 0 {
		return p.Approvers
	}
	return there
}

// named returns whom a policy names. place is where somebody is on a platform, when the policy does not say where its
// approvers are. The error says that a platform could not be asked; everybody is returned all the same.
func (c *Commands) named(ctx context.Context, p bot.Policy, place bot.Place) (all []bot.User, failed error) {
	for _, a := range present(p, place) {
		tenant := ""
		for _, at := range []bot.Place{place, p.Channel} {
			if at.Platform == a.Platform {
				tenant = at.Tenant
			}
		}
		u := bot.User{Platform: a.Platform, ID: a.ID}
		if d := c.Directories[a.Platform]; d != nil {
			known, err := d.Who(ctx, tenant, a.ID)
			switch bot.CodeOf(err) {
			case "":
				u = known
			case bot.Busy, bot.Internal:
				failed = err
			}
		}
		all = append(all, u)
	}
	return all, failed
}

// calling notifies the approvers who are on a platform; nobody when anybody may decide.
func (v voice) calling(approvers []bot.User, platform string) bot.Text {
	var t bot.Text
	for _, u := range approvers {
		if u.Platform == platform {
			u.Name = cmp.Or(u.Name, v.Card.SomeApprover)
			t = append(t, bot.Mention(u), bot.Plain(" "))
		}
	}
	return t
}

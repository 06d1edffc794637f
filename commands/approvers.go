package commands

import (
	"context"
	"slices"
	"strings"
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

// approvers returns the people and groups that a request's policy names, as far as their platforms know them.
func (c *Commands) approvers(ctx context.Context, r *bot.Request) []bot.User {
	return c.named(ctx, r.Policy, r.Threads[len(r.Threads)-1].At.Tenant)
}

func (c *Commands) named(ctx context.Context, p bot.Policy, tenant string) []bot.User {
	ctx, cancel := context.WithTimeout(ctx, nameWithin)
	defer cancel()
	var all []bot.User
	for _, a := range p.Approvers {
		u := bot.User{Platform: a.Platform, ID: a.ID, Name: "an approver"}
		if d := c.Directories[a.Platform]; d != nil {
			// Without a name the words say "an approver".
			if known, err := d.Who(ctx, tenant, a.ID); err == nil {
				u = known
			}
		}
		all = append(all, u)
	}
	return all
}

// who says who can decide under a policy: "@ops, Ben or Cleo".
func who(p bot.Policy, approvers []bot.User) string {
	switch {
	case len(approvers) == 0 && p.Self:
		return "anybody"
	case len(approvers) == 0:
		return "anybody but the one who asked"
	}
	var names []string
	for _, u := range approvers {
		name := u.Name
		if u.Group {
			name = "@" + name
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// calling notifies the approvers who are on a platform; nobody when anybody may decide.
func calling(approvers []bot.User, platform string) bot.Text {
	var t bot.Text
	for _, u := range approvers {
		if u.Platform == platform {
			t = append(t, bot.Mention(u), bot.Plain(" "))
		}
	}
	return t
}

package bot

import (
	"slices"
	"time"
)

// Policy says who must agree before a community is made. A request keeps a copy of the one it was made under.
type Policy struct {
	Required  int           `json:"required"`            // how many must agree; 0: nobody
	Approvers []Approver    `json:"approvers,omitempty"` // empty: anyone but the requester
	Channel   Place         `json:"channel,omitzero"`    // where approvers are asked; zero: where the command was run
	Expiry    time.Duration `json:"expiry,omitempty"`    // 0: never
	Reminder  time.Duration `json:"reminder,omitempty"`  // until the first reminder; 0: none
	Self      bool          `json:"self,omitempty"`      // people may approve their own requests
}

// Approver is a user, a Slack user group or a Discord role.
type Approver struct {
	Platform string `json:"platform"`
	ID       string `json:"id"`
}

// Approves reports whether the policy lets u decide, its groups being known.
func (p Policy) Approves(u User) bool {
	if len(p.Approvers) == 0 {
		return true
	}
	return slices.ContainsFunc(p.Approvers, func(a Approver) bool {
		return a.Platform == u.Platform && (a.ID == u.ID || slices.Contains(u.Groups, a.ID))
	})
}

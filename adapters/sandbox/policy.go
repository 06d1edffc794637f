package sandbox

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// policy is what an admin decides about approvals, in the words of the page. It reaches the bot as the environment
// variables that it has for that.
type policy struct {
	Required  int      `json:"required"`
	Approvers []string `json:"approvers"` // names of people, or the group's; nobody: anyone but the requester
	Channel   string   `json:"channel"`   // "slack", "discord", or "": where it was asked
	Expiry    string   `json:"expiry"`
	Reminder  string   `json:"reminder"`
	Self      bool     `json:"self"` // people may approve their own
}

// atFirst is the policy that a sandbox starts with: it shows what approvals are.
func atFirst() policy {
	return policy{Required: 1, Approvers: []string{groupName}, Expiry: "72h", Reminder: "24h"}
}

// environ returns the policy as variables, in the form of os.Environ.
func (p policy) environ(teamID, guildID string) []string {
	var ids []string
	for _, x := range people {
		if slices.Contains(p.Approvers, x.Name) {
			ids = append(ids, "slack:"+x.slack, "discord:"+x.discord)
		}
	}
	if slices.Contains(p.Approvers, groupName) {
		ids = append(ids, "slack:"+slackGroup, "discord:"+discordGroup)
	}
	asked := channels[1]
	channel := map[string]string{
		"slack": fmt.Sprintf("slack:%s/%s", teamID, asked.slack), "discord": fmt.Sprintf("discord:%s/%s", guildID, asked.discord),
	}[p.Channel]
	return []string{
		"APPROVALS_REQUIRED=" + strconv.Itoa(p.Required),
		"APPROVERS=" + strings.Join(ids, ","),
		"APPROVAL_CHANNEL=" + channel,
		"APPROVAL_EXPIRY=" + p.Expiry,
		"APPROVAL_REMINDER=" + p.Reminder,
		"ALLOW_SELF_APPROVAL=" + strconv.FormatBool(p.Self),
	}
}

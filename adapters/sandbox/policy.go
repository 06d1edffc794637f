package sandbox

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
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

// mostRequired is how many approvals can be asked for: there are no more people who could agree.
const mostRequired = 9

// problem says what is wrong with a policy, or nothing. What the page does not know must not quietly become a policy that
// asks for less.
func (p policy) problem() string {
	known := []string{groupName}
	for _, x := range people {
		known = append(known, x.Name)
	}
	for _, a := range p.Approvers {
		if !slices.Contains(known, a) {
			return fmt.Sprintf("Nobody here is called %q. There are %s.", a, strings.Join(known, ", "))
		}
	}
	switch {
	case p.Required < 0 || p.Required > mostRequired:
		return fmt.Sprintf("Approvals required can be 0 to %d.", mostRequired)
	case !slices.Contains([]string{"", "slack", "discord"}, p.Channel):
		return fmt.Sprintf("There is no chat %q. There are slack and discord; leave it empty to ask where it was asked.", p.Channel)
	}
	for name, value := range map[string]string{"Expires after": p.Expiry, "Reminder after": p.Reminder} {
		if d, err := time.ParseDuration(value); err != nil || d < 0 {
			return fmt.Sprintf("%s takes a time such as 72h or 90m, or 0 to switch it off.", name)
		}
	}
	return ""
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

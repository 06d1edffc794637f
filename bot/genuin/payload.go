package genuin

import (
	"bytes"
	"encoding/json"
	"strings"

	"communitybot/bot"
)

// payload is the JSON body of the create call, field by field as Genuin documents it.
type payload struct {
	Handle      string          `json:"handle"`
	Name        string          `json:"name"`
	Type        json.RawMessage `json:"type"`
	Actions     json.RawMessage `json:"actions"`
	Description string          `json:"description,omitempty"`
	Tags        string          `json:"tags,omitempty"`
	DP          string          `json:"dp,omitempty"`
	Banner      string          `json:"banner,omitempty"`
	Categories  *categories     `json:"categories,omitempty"`
	AI          bool            `json:"is_ai_generated"`
	AIPicture   bool            `json:"is_ai_generated_dp"`
	AIBanner    bool            `json:"is_ai_generated_banner"`
	Users       []user          `json:"users,omitempty"`
}

// categories holds both lists as soon as there is one, like Genuin's example: an empty one is [], never null.
type categories struct {
	Existing []int64  `json:"existing"`
	New      []string `json:"new"`
}

type user struct {
	ID string `json:"user_id"`
}

func encode(c bot.Community, actions json.RawMessage) ([]byte, error) {
	p := payload{
		Handle:      c.Handle,
		Name:        c.Name,
		Type:        encodeType(c.Type),
		Actions:     actions,
		Description: c.Description,
		Tags:        strings.Join(c.Tags, ","),
		DP:          c.Picture,
		Banner:      c.Banner,
		AI:          c.AI,
		AIPicture:   c.AIPicture,
		AIBanner:    c.AIBanner,
	}
	if len(c.Categories) > 0 || len(c.Proposed) > 0 {
		p.Categories = &categories{Existing: append([]int64{}, c.Categories...), New: append([]string{}, c.Proposed...)}
	}
	for _, id := range c.Members {
		p.Users = append(p.Users, user{ID: id})
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(p)
	return bytes.TrimSpace(b.Bytes()), err
}

// encodeType makes a JSON number of a value made of digits, and a string of any other. JSON knows no leading zeros.
func encodeType(s string) json.RawMessage {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		quoted, _ := json.Marshal(s) // a string always can
		return quoted
	}
	if s = strings.TrimLeft(s, "0"); s == "" {
		s = "0"
	}
	return json.RawMessage(s)
}

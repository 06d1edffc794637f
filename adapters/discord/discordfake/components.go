package discordfake

// component is any component of a message or a modal; which fields count depends on Type.
//
// https://docs.discord.com/developers/components/reference
type component struct {
	Type        int            `json:"type"`
	ID          int            `json:"id,omitempty"`
	CustomID    *string        `json:"custom_id,omitempty"`
	Style       int            `json:"style,omitempty"`
	Label       string         `json:"label,omitempty"`
	Description *string        `json:"description,omitempty"`
	Emoji       *emoji         `json:"emoji,omitempty"`
	URL         *string        `json:"url,omitempty"`
	Disabled    bool           `json:"disabled,omitempty"`
	Placeholder string         `json:"placeholder,omitempty"`
	MinValues   *int           `json:"min_values,omitempty"`
	MaxValues   *int           `json:"max_values,omitempty"`
	MinLength   *int           `json:"min_length,omitempty"`
	MaxLength   *int           `json:"max_length,omitempty"`
	Required    *bool          `json:"required,omitempty"`
	Value       string         `json:"value,omitempty"`
	Content     string         `json:"content,omitempty"`
	Options     []selectOption `json:"options,omitempty"`
	Components  []component    `json:"components,omitempty"`
	Component   *component     `json:"component,omitempty"`
}

type emoji struct {
	ID   *string `json:"id,omitempty"`
	Name string  `json:"name,omitempty"`
}

type selectOption struct {
	Label       string  `json:"label"`
	Value       string  `json:"value"`
	Description *string `json:"description,omitempty"`
	Emoji       *emoji  `json:"emoji,omitempty"`
	Default     bool    `json:"default,omitempty"`
}

func (c component) customID() string { return orZero(c.CustomID) }

// limits returns how many options of a select may be chosen: one, unless it says otherwise.
func (c component) limits() (low, high int) {
	low, high = 1, 1
	if c.MinValues != nil {
		low = *c.MinValues
	}
	if c.MaxValues != nil {
		high = *c.MaxValues
	}
	return low, high
}

// mandatory reports whether something must be filled in: yes, unless it says otherwise.
func (c component) mandatory() bool { return c.Required == nil || *c.Required }

// lengths returns how long the text of an input may be.
func (c component) lengths() (low, high int) {
	high = 4000
	if c.MaxLength != nil {
		high = *c.MaxLength
	}
	return orZero(c.MinLength), high
}

// modal is the data of an answer that opens one.
type modal struct {
	CustomID   string      `json:"custom_id"`
	Title      string      `json:"title"`
	Components []component `json:"components"`
}

package discordfake

import (
	"fmt"
	"slices"
)

// components checks the rows of a message. Custom IDs are unique per message, those of disabled components too.
//
// https://docs.discord.com/developers/components/reference#legacy-message-component-behavior
func (c *checker) components(path string, rows []component) {
	if len(rows) > 5 {
		c.fail(path, "BASE_TYPE_MAX_LENGTH", "Must be 5 or fewer in length.")
	}
	seen := make(map[string]bool)
	for i, row := range rows {
		at := fmt.Sprintf("%s.%d", path, i)
		if row.Type != componentRow {
			c.fail(at, "UNION_TYPE_CHOICES", `Value of field "type" must be one of (1,).`)
			continue
		}
		c.count(at+".components", len(row.Components), 1, 5)
		for j, child := range row.Components {
			below := fmt.Sprintf("%s.components.%d", at, j)
			switch child.Type {
			case componentButton:
				c.button(below, child, seen)
			case componentSelect:
				c.stringSelect(below, child, seen)
				if len(row.Components) > 1 {
					c.fail(below, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width")
				}
			default:
				c.fail(below, "UNION_TYPE_CHOICES", `Value of field "type" must be one of (2, 3).`)
			}
		}
	}
}

func (c *checker) button(path string, b component, seen map[string]bool) {
	c.atMost(path+".label", b.Label, 80)
	if b.Label == "" && b.Emoji == nil {
		c.required(path + ".label")
	}
	switch {
	case b.Style < 1 || b.Style > styleLink:
		c.fail(path+".style", "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4, 5}.")
	case b.Style == styleLink:
		if b.CustomID != nil {
			c.fail(path+".custom_id", "BUTTON_COMPONENT_CUSTOM_ID_URL_EXCLUSIVE", "A custom id and url cannot both be specified")
		}
		if b.URL == nil {
			c.fail(path+".url", "BASE_TYPE_REQUIRED", "A url is required")
		}
		c.url(path+".url", b.URL, 512)
	default:
		if b.URL != nil {
			c.fail(path+".url", "BUTTON_COMPONENT_CUSTOM_ID_URL_EXCLUSIVE", "A custom id and url cannot both be specified")
		}
		c.custom(path, b, seen)
	}
}

// custom checks a component's custom ID: there, 100 characters at most, and the only one of its name.
func (c *checker) custom(path string, x component, seen map[string]bool) {
	path += ".custom_id"
	id := x.customID()
	c.between(path, id, 1, 100)
	if seen[id] {
		c.fail(path, "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
	}
	seen[id] = true
}

func (c *checker) stringSelect(path string, s component, seen map[string]bool) {
	c.custom(path, s, seen)
	c.atMost(path+".placeholder", s.Placeholder, 150)
	c.count(path+".options", len(s.Options), 1, 25)
	c.number(path+".min_values", s.MinValues, 0, 25)
	c.number(path+".max_values", s.MaxValues, 1, 25)
	low, high := s.limits()
	if low > high || low > len(s.Options) {
		c.fail(path+".min_values", "NUMBER_TYPE_MAX", "int value should be less than or equal to %d.", min(high, len(s.Options)))
	}
	if s.MaxValues != nil && high > len(s.Options) {
		c.fail(path+".max_values", "NUMBER_TYPE_MAX", "int value should be less than or equal to %d.", len(s.Options))
	}
	var values []string
	chosen := 0
	for i, o := range s.Options {
		at := fmt.Sprintf("%s.options.%d", path, i)
		c.between(at+".label", o.Label, 1, 100)
		c.between(at+".value", o.Value, 1, 100)
		c.atMost(at+".description", orZero(o.Description), 100)
		if slices.Contains(values, o.Value) {
			c.fail(at, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")
		}
		values = append(values, o.Value)
		if o.Default {
			chosen++
		}
	}
	if chosen > high {
		c.fail(path+".options", "SELECT_COMPONENT_TOO_MANY_DEFAULTS", "Only %d options can be chosen by default.", high)
	}
}

// modal checks the data of an answer that opens a modal.
//
// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-modal
func (c *checker) modal(path string, m modal) {
	c.between(path+"custom_id", m.CustomID, 1, 100)
	c.between(path+"title", m.Title, 1, 45)
	c.count(path+"components", len(m.Components), 1, 5)
	seen := make(map[string]bool)
	for i, x := range m.Components {
		at := fmt.Sprintf("%scomponents.%d", path, i)
		switch x.Type {
		case componentRow:
			c.inputRow(at, x, seen)
		case componentLabel:
			c.label(at, x, seen)
		case componentText:
			c.between(at+".content", x.Content, 1, 4000)
		default:
			c.fail(at, "UNION_TYPE_CHOICES", `Value of field "type" must be one of (1, 10, 18).`)
		}
	}
}

// noLabels refuses what older Discords do not know.
func (c *checker) noLabels(path string, m modal) {
	for i, x := range m.Components {
		if x.Type != componentRow {
			c.fail(fmt.Sprintf("%scomponents.%d", path, i), "UNION_TYPE_CHOICES", `Value of field "type" must be one of (1,).`)
		}
	}
}

// inputRow checks the older form of a modal's field: a row with one text input that has its own label.
func (c *checker) inputRow(path string, row component, seen map[string]bool) {
	c.count(path+".components", len(row.Components), 1, 5)
	for i, x := range row.Components {
		at := fmt.Sprintf("%s.components.%d", path, i)
		switch {
		case x.Type != componentTextInput:
			c.fail(at, "COMPONENT_TYPE_INVALID", "The specified component type is invalid in this context")
		case i > 0:
			c.fail(at, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width")
		default:
			c.between(at+".label", x.Label, 1, 45)
			c.textInput(at, x, seen)
		}
	}
}

func (c *checker) label(path string, l component, seen map[string]bool) {
	c.between(path+".label", l.Label, 1, 45)
	if l.Description != nil {
		c.between(path+".description", *l.Description, 1, 100)
	}
	at := path + ".component"
	switch x := orZero(l.Component); {
	case l.Component == nil:
		c.required(at)
	case x.Type == componentTextInput:
		c.textInput(at, x, seen)
		if x.Label != "" {
			c.fail(at+".label", "COMPONENT_LABEL_INVALID", "The label of a text input is not allowed in a Label")
		}
	case x.Type == componentSelect:
		c.stringSelect(at, x, seen)
		if x.Disabled {
			c.fail(at+".disabled", "COMPONENT_DISABLED_INVALID", "Components in modals cannot be disabled")
		}
		if x.mandatory() && x.MinValues != nil && *x.MinValues == 0 {
			c.fail(at+".min_values", "NUMBER_TYPE_MIN", "int value should be greater than or equal to 1.")
		}
	default:
		c.fail(at, "UNION_TYPE_CHOICES", `Value of field "type" must be one of (3, 4).`)
	}
}

func (c *checker) textInput(path string, t component, seen map[string]bool) {
	c.custom(path, t, seen)
	c.atMost(path+".placeholder", t.Placeholder, 100)
	c.number(path+".min_length", t.MinLength, 0, 4000)
	c.number(path+".max_length", t.MaxLength, 1, 4000)
	if t.Style != 1 && t.Style != styleParagraph {
		c.fail(path+".style", "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.")
	}
	low, high := t.lengths()
	if low > high {
		c.fail(path+".min_length", "NUMBER_TYPE_MAX", "int value should be less than or equal to %d.", high)
	}
	c.atMost(path+".value", t.Value, high)
	if t.Value != "" {
		c.atLeast(path+".value", t.Value, low)
	}
}

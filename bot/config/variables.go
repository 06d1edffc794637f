package config

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
)

// Variable is one variable of the environment, as Config's tags describe it.
type Variable struct {
	Name, Default string
	Secret        bool
}

// Variables returns every variable, in the order of Config.
func Variables() []Variable {
	var all []Variable
	each(reflect.ValueOf(Config{}), func(v Variable, _ reflect.Value) { all = append(all, v) })
	return all
}

// each visits the fields of a struct that are variables, and those of the structs in it.
func each(of reflect.Value, visit func(Variable, reflect.Value)) {
	for i := range of.NumField() {
		field, value := of.Type().Field(i), of.Field(i)
		name, tagged := field.Tag.Lookup("env")
		switch {
		case tagged:
			secret := field.Type == reflect.TypeFor[Secret]()
			visit(Variable{Name: name, Default: field.Tag.Get("envDefault"), Secret: secret}, value)
		case field.Type.Kind() == reflect.Struct:
			each(value, visit)
		}
	}
}

// LogValue returns the variables that are set, without what is secret in them.
func (c Config) LogValue() slog.Value {
	var attrs []slog.Attr
	each(reflect.ValueOf(c), func(v Variable, value reflect.Value) {
		if value.IsZero() {
			return
		}
		text := fmt.Sprint(value.Interface())
		if raw, ok := value.Interface().(json.RawMessage); ok {
			text = string(raw)
		}
		attrs = append(attrs, slog.String(v.Name, text))
	})
	return slog.GroupValue(attrs...)
}

// String returns the variables that are set, without what is secret in them.
func (c Config) String() string {
	var words []string
	for _, a := range c.LogValue().Group() {
		words = append(words, a.Key+"="+a.Value.String())
	}
	return strings.Join(words, " ")
}

// GoString is String: a Config printed with %#v holds no secret either.
func (c Config) GoString() string { return c.String() }

package discordfake

import (
	"fmt"
	"maps"
	"slices"
)

// defaultLocale is the language of the server, and of people who were not given another.
const defaultLocale = "en-US"

// locales are the languages that Discord's client speaks, each with the one it falls back to; "" for none.
//
// https://docs.discord.com/developers/reference#locales and
// https://docs.discord.com/developers/interactions/application-commands#localization-locale-fallbacks
var locales = map[string]string{
	"ar": "", "bg": "", "cs": "", "da": "", "de": "", "el": "", "en-GB": "en-US", "en-US": "en-GB", "es-419": "es-ES", "es-ES": "",
	"fi": "", "fr": "", "he": "", "hi": "", "hr": "", "hu": "", "id": "", "it": "", "ja": "", "ko": "", "lt": "", "nl": "", "no": "",
	"pl": "", "pt-BR": "", "ro": "", "ru": "", "sv-SE": "", "th": "", "tr": "", "uk": "", "vi": "", "zh-CN": "", "zh-TW": "",
}

// SetLocale sets the language that a person chose in Discord, such as "de" or "pt-BR". It panics when there is no such
// person, or Discord does not speak that language.
func (f *Fake) SetLocale(who, locale string) {
	if _, spoken := locales[locale]; !spoken {
		panic("discordfake: Discord does not speak " + locale)
	}
	f.mu.Lock()
	defer f.announce()
	u := f.users[who]
	if u == nil {
		panic("discordfake: no such user: " + who)
	}
	u.locale = locale
}

// words are a name or a description in several languages, by locale.
type words map[string]string

// in returns the words for a locale, or otherwise when there are none.
func (w words) in(locale, otherwise string) string {
	for _, key := range []string{locale, locales[locale]} {
		if s, ok := w[key]; ok {
			return s
		}
	}
	return otherwise
}

// localizations checks the keys, and each of the words with one.
func (c *checker) localizations(path string, w words, one func(path, s string)) {
	for _, locale := range slices.Sorted(maps.Keys(w)) {
		at := fmt.Sprintf("%s.%s", path, locale)
		if _, spoken := locales[locale]; !spoken {
			c.fail(at, "BASE_TYPE_CHOICES", "Value must be a locale that Discord speaks.")
			continue
		}
		one(at, w[locale])
	}
}

package sandbox

import "communitybot/bot/genuin/genuinfake"

// Genuin returns the sandbox's Genuin, for tests that wait for a call to hang.
func (s *Sandbox) Genuin() *genuinfake.Fake { return s.genuin }

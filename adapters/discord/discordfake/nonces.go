package discordfake

// ForgetNonces has the fake forget the nonces of all messages, as Discord does some minutes after they were posted.
func (f *Fake) ForgetNonces() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.nonces)
}

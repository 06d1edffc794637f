//go:build !race

package deploy_test

// slowed says that the fakes run under the race detector, and may be the ones that take their time.
const slowed = false

// Package weather holds the tests that show the system holding together when much happens at once and much goes wrong:
// random sequences of all calls, operators' moves, broken cables, silent routers and customers whose routers misbehave
// (sequence_test.go), two servers on one database (two_servers_test.go, sharing_test.go), and processes killed in the middle
// of their work (kill_test.go). After every one of them nothing may be half made, no port held by two or by nobody, and
// everything comes to rest where orders, cables and customers say.
//
// ONRAMP_WEATHER=long runs all of it longer; -rapid.checks, -rapid.steps and -rapid.seed set how many sequences there are,
// how long, and which; ONRAMP_WEATHER_SEED repeats the customers' dice of the killed servers. The PostgreSQL of these
// tests runs without fsync: what is killed here are our servers, never the database.
//
// There is no code to import here.
package weather

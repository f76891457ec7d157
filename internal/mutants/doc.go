// Package mutants shows that the tests of security see. Each patch in testdata/mutants drops one check from the program; the tests
// that it names must turn red. `make test-mutants` tries them all, which takes a while; that every patch still fits is part of
// every test run.
package mutants

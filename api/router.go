// Package api assembles the HTTP server: middleware, surfaces, error handling.
package api

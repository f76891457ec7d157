package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"

	"voordeur/internal/authz"
)

// scopeNames returns what a program must have been given, by the name of the constant that the operation table holds.
func scopeNames() (map[string]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("internal", "authz", "authz.go"), nil, 0)
	if err != nil {
		return nil, err
	}
	byPermission := map[string]string{}
	for _, of := range [][]authz.Scope{authz.OfficeScopes, authz.PortalScopes} {
		for _, s := range of {
			byPermission[string(s.Permission)] = s.Name
		}
	}
	names := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if lit, ok := spec.Values[0].(*ast.BasicLit); ok {
			value, _ := strconv.Unquote(lit.Value)
			if s, ok := byPermission[value]; ok {
				names[spec.Names[0].Name] = s
			}
		}
		return true
	})
	return names, nil
}

package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
)

// op is what the contract takes from a line of the operation table.
type op struct {
	anyone, half bool
	idempotency  string // "", Accepted, Required
	ifMatch, raw bool
	need         string // the name of the constant
	person       bool   // no program may do it
}

// readTable finds the web.Op literals in the source of a surface, by operation id.
func readTable(dir string) (map[string]op, error) {
	pkgs, err := parser.ParseDir(token.NewFileSet(), dir, nil, 0) //nolint:staticcheck // the files of one directory, without build tags
	if err != nil {
		return nil, err
	}
	ops := map[string]op{}
	for _, pkg := range pkgs {
		known := map[string]string{} // what a variable for a permission holds
		ast.Inspect(pkg, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == 1 {
				known[spec.Names[0].Name] = lastName(spec.Values[0])
			}
			if a, ok := n.(*ast.AssignStmt); ok && len(a.Lhs) == 1 && len(a.Rhs) == 1 && lastName(a.Lhs[0]) == "need" {
				known["need"] = lastName(a.Rhs[0])
			}
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 3 {
				return true
			}
			lit, ok := call.Args[1].(*ast.CompositeLit)
			if !ok || !isSelector(lit.Type, "web", "Op") {
				return true
			}
			id, o := readOp(lit)
			if held, ok := known[o.need]; ok {
				o.need = held
			}
			if _, twice := ops[id]; twice {
				err = fmt.Errorf("operation %s is registered twice", id)
			}
			ops[id] = o
			return true
		})
	}
	return ops, err
}

func readOp(lit *ast.CompositeLit) (string, op) {
	var id string
	var o op
	for _, elt := range lit.Elts {
		kv, ok := elt.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		value := lastName(kv.Value)
		switch kv.Key.(*ast.Ident).Name {
		case "ID":
			if b, ok := kv.Value.(*ast.BasicLit); ok {
				id, _ = strconv.Unquote(b.Value)
			}
		case "Need":
			o.need = value
		case "Access":
			o.anyone, o.half = value == "Anyone", value == "HalfSession"
			o.person = true
		case "StepUp", "PersonOnly":
			o.person = o.person || value == "true"
		case "Idempotency":
			switch value {
			case "IdempotencyAccepted":
				o.idempotency = "Accepted"
			case "IdempotencyRequired":
				o.idempotency = "Required"
			}
		case "IfMatch":
			o.ifMatch = value == "true"
		case "Raw":
			o.raw = value == "true"
		}
	}
	return id, o
}

func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

func isSelector(e ast.Expr, pkg, name string) bool {
	s, ok := e.(*ast.SelectorExpr)
	if !ok || s.Sel.Name != name {
		return false
	}
	x, ok := s.X.(*ast.Ident)
	return ok && x.Name == pkg
}

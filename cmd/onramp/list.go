package main

import (
	"context"
	"net/url"

	"github.com/spf13/cobra"

	"onramp/internal/operator"
)

// newList is the verb that lists all of a noun whose lists come in pages and can be chosen from: choices are flags and what
// they mean.
func newList[T any](short, long string, choices map[string]string,
	fetch func(context.Context, *operator.Client, url.Values) ([]T, string, error), print func(printer, []T) error) *cobra.Command {
	var all bool
	cmd := newQueue(short, long, choices, func(ctx context.Context, c *operator.Client, query url.Values) ([]T, string, error) {
		if all {
			query.Set("all", "true")
		}
		return fetch(ctx, c, query)
	}, print)
	cmd.Flags().BoolVar(&all, "all", false, "those that have ended too")
	return cmd
}

// newQueue is newList for what does not end, or is listed all the same.
func newQueue[T any](short, long string, choices map[string]string,
	fetch func(context.Context, *operator.Client, url.Values) ([]T, string, error), print func(printer, []T) error) *cobra.Command {
	chosen := map[string]*string{}
	return verb("list", short, long, arguments(),
		func(cmd *cobra.Command) {
			for name, usage := range choices {
				chosen[name] = cmd.Flags().String(name, "", usage)
			}
		},
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, _ []string) error {
			query := url.Values{}
			for name, value := range chosen {
				if *value != "" {
					query.Set(name, *value)
				}
			}
			found, err := everyPage(query, func(query url.Values) ([]T, string, error) { return fetch(ctx, c, query) })
			if err != nil {
				return err
			}
			return print(p, found)
		})
}

// everyPage collects a list. fetch answers a page and where the next one begins, empty on the last.
func everyPage[T any](query url.Values, fetch func(url.Values) ([]T, string, error)) ([]T, error) {
	query.Set("limit", "1000")
	found := []T{}
	for {
		page, after, err := fetch(query)
		if err != nil {
			return nil, err
		}
		if found = append(found, page...); after == "" {
			return found, nil
		}
		query.Set("after", after)
	}
}

"""What a search gives away, in all its forms: records, exports, feeds, timelines, who stands together."""

# What stands around every page.
skip = Skip to content
languages = Language
search = Search
search-label = Search titles, speakers and everything that was said
search-hint = Topic, speaker or a sentence
about-portal = About this website
in-the-picture = I am in a recording
privacy = Privacy
accessibility = Accessibility
for-coordinators = For coordinators
demonstration = Demonstration
demonstration-text = This is a sample series, made to show how this website works. The voice is a computer’s.
all-series = All series
whole-series = See the whole series
parts = More of this list
part = { $from }–{ $until } of { $count }
and-more = and { $count } more

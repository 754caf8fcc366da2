"""Every sentence a person reads, by what it is about. Plain text: whoever shows it escapes it.

Sentences name the thing, say what happened, then what to do. A test walks every enum of the domain and every
refusal of the use cases and finds words for each.
"""

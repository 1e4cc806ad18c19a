from spacy.language import Language


@Language.factory("kg_baseline")
def make_baseline(nlp, name):
    return lambda doc: doc

package conformance

var badKeys = []bad{
	{"AssociateMacSecKey", `{}`, "connectionId is required."},
	{"AssociateMacSecKey", `{"connectionId":"{secure}"}`, "Specify either secretARN or both ckn and cak."},
	{"AssociateMacSecKey", `{"connectionId":"{secure}","ckn":"{key}","cak":"{cak}","secretARN":"arn:x"}`, "Specify either secretARN or both ckn and cak."},
	{"AssociateMacSecKey", `{"connectionId":"{secure}","ckn":"{key}"}`, "ckn and cak must be specified together."},
	{"AssociateMacSecKey", `{"connectionId":"{secure}","cak":"{cak}"}`, "ckn and cak must be specified together."},
	{"AssociateMacSecKey", `{"connectionId":"{secure}","ckn":"","cak":"{cak}"}`, "ckn is not valid: it must be 64 hexadecimal characters."},
	{"AssociateMacSecKey", `{"connectionId":"{secure}","ckn":"{key}0","cak":"{cak}"}`, "ckn is not valid: it must be 64 hexadecimal characters."},
	{"AssociateMacSecKey", `{"connectionId":"{secure}","ckn":"{key}","cak":"g{cak}"}`, "cak is not valid: it must be 64 hexadecimal characters."},
	{"AssociateMacSecKey", `{"connectionId":"{secure}","ckn":"{key}","cak":"00112233445566778899aabbccddeeff"}`, "cak is not valid: it must be 64 hexadecimal characters."},
	{"AssociateMacSecKey", `{"connectionId":"{secure}","secretARN":"arn:x"}`, "Could not find MACsec secret with ARN arn:x"},
	{"AssociateMacSecKey", `{"connectionId":"{con}","ckn":"{key}","cak":"{cak}"}`, "Connection {con} does not support MACsec."},
	{"AssociateMacSecKey", `{"connectionId":"{lag}","ckn":"{key}","cak":"{cak}"}`, "Lag {lag} does not support MACsec."},
	{"AssociateMacSecKey", `{"connectionId":"{no}","ckn":"{key}","cak":"{cak}"}`, "Could not find Connection with ID {no}"},
	{"AssociateMacSecKey", `{"connectionId":"x","ckn":"{key}","cak":"{cak}"}`, "Connection ID x has an invalid format."},
	{"DisassociateMacSecKey", `{"secretARN":"arn:x"}`, "connectionId is required."},
	{"DisassociateMacSecKey", `{"connectionId":"{secure}"}`, "secretARN is required."},
	{"DisassociateMacSecKey", `{"connectionId":"{secure}","secretARN":""}`, "MACsec key  is not associated with connection {secure}."},
	{"DisassociateMacSecKey", `{"connectionId":"{deadlag}","secretARN":"arn:x"}`, "Could not find Lag with ID {deadlag}"},
}

var badTags = []bad{
	{"TagResource", `{}`, "resourceArn is required."},
	{"TagResource", `{"resourceArn":"{arn}"}`, "tags is required."},
	{"TagResource", `{"resourceArn":"","tags":[]}`, "Resource ARN  is not valid."},
	{"TagResource", `{"resourceArn":"{con}","tags":[]}`, "Resource ARN {con} is not valid."},
	{"TagResource", `{"resourceArn":"{arn}x","tags":[]}`, "Resource {arn}x does not exist."},
	{"TagResource", `{"resourceArn":"arn:aws:directconnect:us-east-1:111122223333:dxvif/dxvif-ffhhk74f","tags":[]}`, "Resource arn:aws:directconnect:us-east-1:111122223333:dxvif/dxvif-ffhhk74f does not exist."},
	{"TagResource", `{"resourceArn":"{arn}","tags":[{}]}`, "key is required."},
	{"TagResource", `{"resourceArn":"{arn}","tags":[{"key":"k"},{"key":"k","value":"v"}]}`, duplicate + ": A tag key was specified more than once: k"},
	{"TagResource", `{"resourceArn":"{arn}","tags":[{"key":"k","value":"\t"}]}`, "Tag value of key k contains invalid characters."},
	{"UntagResource", `{"tagKeys":[]}`, "resourceArn is required."},
	{"UntagResource", `{"resourceArn":"{arn}"}`, "tagKeys is required."},
	{"UntagResource", `{"resourceArn":"arn:aws:directconnect:us-west-2:111122223333:dxcon/{con}","tagKeys":[]}`, "Resource ARN arn:aws:directconnect:us-west-2:111122223333:dxcon/{con} is not in Region us-east-1."},
	{"UntagResource", `{"resourceArn":"{arn}","tagKeys":[1]}`, serialization + ": NUMBER_VALUE can not be converted to a String, at tagKeys[0]"},
	{"DescribeTags", `{}`, "resourceArns is required."},
	{"DescribeTags", `{"resourceArns":"{arn}"}`, serialization + ": STRING_VALUE can not be converted to a List, at resourceArns"},
	{"DescribeTags", `{"resourceArns":["{arn}","arn"]}`, "Resource ARN arn is not valid."},
	{"DescribeTags", `{"resourceArns":["arn:aws:directconnect:us-east-1:444455556666:dxcon/{foreign}"]}`, "Resource arn:aws:directconnect:us-east-1:444455556666:dxcon/{foreign} does not exist."},
}

var badCustomers = []bad{
	{"ConfirmCustomerAgreement", `{"agreementName":"x"}`, "Could not find agreement with name x"},
	{"ConfirmCustomerAgreement", `{"agreementName":1}`, serialization + ": NUMBER_VALUE can not be converted to a String, at agreementName"},
}
